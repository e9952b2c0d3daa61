/**
 * `npm run demo`: the whole way through Stepwire as a frontend goes it, over the WebSocket, with what happens
 * shown in the terminal. Exits 1 when any verdict is not `passed`.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { styleText } from "node:util";
import { buildApp } from "../src/app.js";
import { StepwireRest } from "../src/client/index.js";
import { ConfigError, parseConfig } from "../src/config.js";
import { DatabaseStartError } from "../src/db/index.js";
import { demoCase, demoDescription } from "../src/demo/demo-case.js";
import { createLogger } from "../src/logger.js";
import { oneLine } from "../src/one-line.js";
import { DemoClient } from "./demo-client.js";
import { DemoError } from "./demo-error.js";
import { withFolderOfItsOwn } from "./demo-folder.js";
import { preparePictures, savePictures } from "./demo-pictures.js";
import { demoSitePort, startDemoSite } from "./demo-site.js";
import { heading, printSummary, StepView, type StepOutcome } from "./demo-terminal.js";

/** The step that is run alone: the login is run before it. */
const SINGLE_STEP = 3;

try {
  const outcomes = await demonstrate();
  process.exitCode = outcomes.every(({ status }) => status === "passed") ? 0 : 1;
} catch (error) {
  const isKnown = [DemoError, ConfigError, DatabaseStartError].some((known) => error instanceof known);
  console.error(isKnown ? oneLine((error as Error).message) : error);
  process.exitCode = 1;
}

async function demonstrate(): Promise<StepOutcome[]> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  // No key: the plain-English parser is what a fresh machine has.
  const environment = { LOG_LEVEL: "warn", ...process.env, OPENAI_API_KEY: undefined };
  const config = await withFolderOfItsOwn(parseConfig(environment), process.env["ARTIFACTS_DIR"]);
  const pictures = await preparePictures(join(dirname(resolve(config.ARTIFACTS_DIR)), "demo-pictures"));
  const log = await createLogger({ level: config.LOG_LEVEL, pretty: process.stdout.isTTY });

  const site = await startDemoSite({ port: demoSitePort() });
  const app = await buildApp(config, log).catch(async (error: unknown) => {
    await site.close();
    throw error;
  });
  const outcomes: StepOutcome[] = [];
  try {
    const url = await app.listen();
    await app.warm();
    console.log(`Stepwire is at ${url}, the demo app at ${site.url}`);
    const rest = new StepwireRest({ url });
    const client = await DemoClient.connect(url, new StepView());
    const keep = async (
      { outcomes: ended, runId }: { outcomes: StepOutcome[]; runId: string },
      name: string,
    ) => {
      outcomes.push(...ended);
      await savePictures(rest, { runId, name, folder: pictures });
    };

    heading(`The whole case, every step in one browser session`);
    const testCase = await client.findOrCreateCase(demoCase(site.url), site.url);
    await keep(await client.runCase("case", testCase), testCase.name);

    heading(`Step ${SINGLE_STEP} alone, with the login run first`);
    await keep(
      await client.runStep("single step", testCase, SINGLE_STEP),
      `${testCase.name} step ${SINGLE_STEP}`,
    );

    heading("A case generated from plain English, without an API key");
    const description = demoDescription(site.url);
    console.log(styleText("dim", `“${description}”`));
    const generated = await client.generate(description);
    await keep(await client.runCase("generated", generated), "generated case");
    client.close();
  } finally {
    await app.close();
    await site.close();
  }
  printSummary(outcomes);
  console.log(`\nPictures, by case, step and command: ${pictures}`);
  console.log("Next: npm run dev, with npm run demo:site in a second terminal");
  return outcomes;
}
