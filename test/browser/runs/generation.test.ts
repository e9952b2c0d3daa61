import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { WarmBrowserPool } from "../../../src/browser/pool/pool.js";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import type { Command } from "../../../src/protocol/commands.js";
import { startSite, type Site } from "../../site/server.js";
import { fromDescriptions } from "../../support/told.js";
import { realPool } from "../../support/real-browser.js";
import { runCommands, type ScriptRecord } from "../../support/script-context.js";
import { silentLog } from "../../support/silent-log.js";

let site: Site;
let pool: WarmBrowserPool;
let session: BrowserSession;

beforeAll(async () => {
  site = await startSite();
  pool = realPool({ size: 1 }).pool;
  await pool.warm();
});

afterAll(async () => {
  await pool.close();
  await site.close();
});

beforeEach(async () => {
  session = await pool.acquire(AbortSignal.timeout(20_000));
});

afterEach(async () => {
  await session.close();
});

/** The commands of a description, all of which has to be understood. */
async function generate(description: string): Promise<Command[]> {
  const context = { signal: AbortSignal.timeout(5_000), log: silentLog };
  const { steps, warnings } = await fromDescriptions(new PlainEnglishGenerator()).generateCase(
    description,
    context,
  );
  expect(warnings).toEqual([]);
  return steps.flatMap(({ commands }) => commands);
}

async function run(description: string): Promise<ScriptRecord> {
  const { outcome, ...record } = await runCommands(session.page, await generate(description));
  expect(outcome).toEqual({ verdict: "passed" });
  return record;
}

/** Lines of the log about commands whose first locator found nothing. */
const alternatives = ({ logs }: ScriptRecord): string[] => logs.map(({ message }) => message);

test("a description of buying something buys it, each element found by its first locator", async () => {
  const record = await run(
    `Open ${site.url}/shop. Type "rain" into the Search products field and click the Search button. ` +
      `Check that the page shows "2 products found". Click the Rain jacket link. The page should show "89 €". ` +
      `Select Medium from Size. Set Quantity to 2. Click the "Add to cart" button. ` +
      `Verify that "Added 2 × Rain jacket (Medium)" is shown. Click the "Go to cart" link. ` +
      `The page shows "178 €". Click the Checkout link. Enter "Ada Lovelace" in the Full name field. ` +
      `Enter "ada@example.test" in the E-mail field. Type "12 St James's Square" into Address. ` +
      `Choose Express from the Delivery dropdown. The Place order button is disabled. ` +
      `Tick the "I accept the terms" checkbox. Wait until the Place order button is enabled. ` +
      `Click the Place order button. Check that the page shows "Thank you, Ada Lovelace!".`,
  );
  expect(alternatives(record)).toEqual([]);
});

test("a description of a login logs in and out", async () => {
  await run(
    `Open ${site.url}/login and log in as tomsmith with password SuperSecretPassword!. ` +
      `The page should show "You logged into a secure area!". The URL should end with "/secure". ` +
      `The title is "Secure Area". Log out. I should see "You logged out". I should not see "Secure Area".`,
  );
});

test("a description of a form fills it in and checks it", async () => {
  const record = await run(
    `Open ${site.url}/form. The Name field has the value "Old value". Clear the Name field. ` +
      `The Name field is empty. Type "Grace" into the Name field. The Name field contains "Grace". ` +
      `Select "Large" from the Size list. Verify that "Large" is selected in Size. ` +
      `Check the "I agree" checkbox. The "I agree" checkbox is checked. Untick "I agree". ` +
      `The "I agree" checkbox is not checked. The Read-only field is read-only. ` +
      `Press Tab in the Name field. Press Ctrl+A in the Notes field. ` +
      `Scroll to the Send button. Hover over the Send button. Double-click the Send button. ` +
      `Check that #record contains "clicks: 2". There is 1 button. There is no Cancel button. ` +
      `Reload the page. The Name field has the value "Old value".`,
  );
  expect(alternatives(record)).toEqual([]);
});

test("names that are not quite those of the page find their elements by an alternative", async () => {
  const record = await run(
    `Open ${site.url}/form. Type "grace@example.test" into the "email" field. Tick the Agree checkbox. ` +
      `Click the "send" button. Check that #record contains "clicks: 1".`,
  );
  expect(alternatives(record)).toHaveLength(3);
});

test("a description answers dialogs and changes windows", async () => {
  await run(
    `Open ${site.url}/alert. Click the "Open confirm" button. Accept the confirm dialog. ` +
      `The page shows "Confirmed: true". Click the "Open confirm" button. Press Cancel in the confirm dialog. ` +
      `The page shows "Confirmed: false". Click the "Open alert" button. ` +
      `Verify that a JavaScript alert says "Are you there?". Accept the alert. The page shows "Alert closed". ` +
      `Go to ${site.url}/popup. Click the "Open in a new tab" link. Switch to the new tab. ` +
      `The page shows "I am the popup". Close the tab. The page should not show "I am the popup". ` +
      `Click the "Open popup" button. Switch to the window titled "Popup window". The page shows "I am the popup". ` +
      `Switch back to the first window. The title is "Popup".`,
  );
});

test("what a description says wrongly of the page fails", async () => {
  const check = async (sentence: string) => {
    const commands = await generate(`Open ${site.url}/form. ${sentence}`);
    const { outcome } = await runCommands(session.page, commands, { commandTimeoutMs: 300 });
    return outcome.verdict;
  };
  expect(await check("The Send button is disabled.")).toBe("failed");
  expect(await check("There is no Send button.")).toBe("failed");
  expect(await check('The page does not show "Quantity".')).toBe("failed");
  expect(await check('The "I agree" checkbox is checked.')).toBe("failed");
  expect(await check('Verify that "Large" is selected in Size.')).toBe("failed");
  expect(await check("The Name field is empty.")).toBe("failed");
  expect(await check('The title is "Shop".')).toBe("failed");
  expect(await check("There are at least 2 buttons.")).toBe("failed");
});
