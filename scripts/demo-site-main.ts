/** `npm run demo:site`: serves the demo app that the seeded test case is about, until it is stopped. */
import { existsSync } from "node:fs";
import { DemoError } from "./demo-error.js";
import { demoSitePort, startDemoSite } from "./demo-site.js";

if (existsSync(".env")) process.loadEnvFile(".env");
try {
  const site = await startDemoSite({ port: demoSitePort() });
  console.log(`Fieldbook, the demo app, is at ${site.url}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void site.close());
} catch (error) {
  console.error(error instanceof DemoError ? error.message : error);
  process.exitCode = 1;
}
