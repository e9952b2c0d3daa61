import { afterAll, beforeAll, expect, it } from "vitest";
import { demoCase, demoDescription, type DemoCase } from "../../../src/demo/demo-case.js";
import { startDemoSite, type DemoSite } from "../../../scripts/demo-site.js";
import type { WarmBrowserPool } from "../../../src/browser/pool/pool.js";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import type { Command } from "../../../src/protocol/commands.js";
import { parseScript } from "../../../src/protocol/script.js";
import { fromDescriptions } from "../../support/told.js";
import { realPool } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { silentLog } from "../../support/silent-log.js";

let site: DemoSite;
let pool: WarmBrowserPool;
let steps: DemoCase["steps"];

beforeAll(async () => {
  site = await startDemoSite({ port: 0 });
  steps = demoCase(site.url).steps;
  pool = realPool({ size: 1 }).pool;
  await pool.warm();
});

afterAll(async () => {
  await pool.close();
  await site.close();
});

/** Runs the commands in a browser context of their own, and gives what went wrong, or nothing. */
async function problemIn(commands: Command[]): Promise<string | null> {
  const session = await pool.acquire(AbortSignal.timeout(20_000));
  try {
    const { outcome } = await runCommands(session.page, commands, { signal: AbortSignal.timeout(30_000) });
    return outcome.verdict === "passed" ? null : JSON.stringify(outcome);
  } finally {
    await session.close();
  }
}

it("the demo's test case passes as a whole", async () => {
  const numbers = steps.map((step) => step.step_number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(await problemIn(steps.flatMap((step) => parseScript(step.selenium_script_json)))).toBeNull();
});

it("each of its steps passes alone, right after the login", async () => {
  const [login, ...others] = steps;
  for (const step of others) {
    const commands = [...(login?.selenium_script_json ?? []), ...step.selenium_script_json];
    expect(await problemIn(commands), step.description).toBeNull();
  }
});

it("what is generated from its description passes too", async () => {
  const context = { signal: AbortSignal.timeout(5_000), log: silentLog };
  const generated = await fromDescriptions(new PlainEnglishGenerator()).generateCase(
    demoDescription(site.url),
    context,
  );
  expect(generated.warnings).toEqual([]);
  expect(await problemIn(generated.steps.flatMap((step) => step.commands))).toBeNull();
});
