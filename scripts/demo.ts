/**
 * `npm run demo`: the whole way through Stepwire as a frontend goes it, over the WebSocket, with what happens
 * shown in the terminal. Exits 1 when any verdict is not `passed`.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { styleText } from "node:util";
import { buildApp } from "../src/app.js";
import { ConfigError, parseConfig } from "../src/config.js";
import { DatabaseStartError } from "../src/db/index.js";
import { DEMO_SITE_PORT, demoCase, demoDescription } from "../src/demo/demo-case.js";
import { createLogger } from "../src/logger.js";
import { DemoClient } from "./demo-client.js";
import { withFolderOfItsOwn } from "./demo-folder.js";
import { startDemoSite } from "./demo-site.js";
import { heading, printSummary, StepView, type StepOutcome } from "./demo-terminal.js";

/** The step that is run alone: the login is run before it. */
const SINGLE_STEP = 3;

if (existsSync(".env")) process.loadEnvFile(".env");
// No key: the plain-English parser is what a fresh machine has.
const environment = { LOG_LEVEL: "warn", ...process.env, OPENAI_API_KEY: undefined };
const config = await withFolderOfItsOwn(parseConfig(environment), process.env["ARTIFACTS_DIR"]);
const log = await createLogger({ level: config.LOG_LEVEL, pretty: process.stdout.isTTY });

const site = await startDemoSite({ port: DEMO_SITE_PORT });
const app = await buildApp(config, log).catch((error: unknown) => {
  if (!(error instanceof DatabaseStartError || error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
});
const outcomes: StepOutcome[] = [];
try {
  const url = await app.listen();
  await app.warm();
  console.log(`Stepwire is at ${url}, the demo app at ${site.url}`);
  const client = await DemoClient.connect(url, new StepView());

  heading(`The whole case, every step in one browser session`);
  const testCase = await client.findOrCreateCase(demoCase(site.url));
  outcomes.push(...(await client.runCase("case", testCase)));

  heading(`Step ${SINGLE_STEP} alone, with the login run first`);
  outcomes.push(await client.runStep("single step", testCase, SINGLE_STEP));

  heading("A case generated from plain English, without an API key");
  const description = demoDescription(site.url);
  console.log(styleText("dim", `“${description}”`));
  outcomes.push(...(await client.runCase("generated", await client.generate(description))));
  client.close();
} finally {
  await app.close();
  await site.close();
}
printSummary(outcomes);
console.log(`\nScreenshots: ${resolve(config.ARTIFACTS_DIR)}, one folder a run`);
console.log("Next: npm run dev, with npm run demo:site in a second terminal");
process.exitCode = outcomes.every(({ status }) => status === "passed") ? 0 : 1;
