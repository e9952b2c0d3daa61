/** `npm run demo:site`: serves the demo app that the seeded test case is about, until it is stopped. */
import { DEMO_SITE_PORT } from "../src/demo/demo-case.js";
import { startDemoSite } from "./demo-site.js";

const site = await startDemoSite({ port: DEMO_SITE_PORT });
console.log(`Fieldbook, the demo app, is at ${site.url}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void site.close());
