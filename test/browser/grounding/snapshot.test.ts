import { describe, expect, test } from "vitest";
import { tellSnapshot } from "../../../src/generation/grounding/telling.js";
import type { PageSnapshot } from "../../../src/runner/ports.js";
import { takeSnapshot } from "../../../src/runner/snapshot/take-snapshot.js";
import { browsing, id } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

/** Lets the page be drawn once: `autofocus` takes effect with that. */
const DRAWN = `async () => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  return "";
}`;

const PAGES = ["todos", "customers", "store", "sign-in", "settings"];

describe.each(ROADS)("a snapshot over %s", (road) => {
  const browser = browsing(road, { isShared: true });
  const { open, pass } = browser;
  const look = (mask = (text: string) => text) =>
    takeSnapshot(browser.session.page, { signal: AbortSignal.timeout(20_000), mask });
  const named = ({ nodes }: PageSnapshot, name: string) => nodes.filter((node) => node.name === name);

  test.for(PAGES)("of %s is that which the evaluation reads", async (name) => {
    await pass(open(`/applications/${name}`));
    await browser.session.page.call(DRAWN, "", AbortSignal.timeout(20_000));
    const snapshot = await look();
    const stored = JSON.stringify(snapshot, null, 1).replaceAll(browser.site.url, "http://site.example");
    await expect(`${stored}\n`).toMatchFileSnapshot(`../../eval/pages/${name}.snapshot.json`);
  });

  test.for(PAGES)("of %s takes 600 tokens at most", async (name) => {
    await pass(open(`/applications/${name}`));
    const { tokens, leftOut } = tellSnapshot(await look());
    expect(tokens).toBeLessThanOrEqual(600);
    expect(leftOut).toBe(0);
  });

  test("finds nothing else by a locator that it gives", async () => {
    for (const name of PAGES) {
      await pass(open(`/applications/${name}`));
      const { nodes } = await look();
      const own = nodes.filter(({ frame, kind }) => frame === undefined && kind === "control");
      const strict = own.flatMap(({ locators }) =>
        locators.map((locator) => ({ action: "verify_visible" as const, ...locator, strict: true })),
      );
      await pass(...strict.slice(0, 100));
    }
  });

  test("has nothing that is in a password field, a card's number or a secret", async () => {
    await pass(open("/applications/sign-in"), { action: "input", ...id("user"), text: "hunter2-and-more" });
    const snapshot = await look((text) => text.replaceAll("hunter2-and-more", "***"));
    const all = JSON.stringify(snapshot);
    expect(all).not.toContain("already-filled-in");
    expect(all).not.toContain("hunter2");
    expect(snapshot.nodes.find(({ role }) => role === "textbox")?.value).toBe("***");
    await pass(open("/applications/settings"));
    expect(JSON.stringify(await look())).not.toContain("4111");
  });

  test("sees through frames and shadow roots, and comes back", async () => {
    await pass(open("/applications/settings"));
    const snapshot = await look();
    expect(named(snapshot, "Team")).toMatchObject([
      { role: "radio", states: ["unchecked"] },
      { role: "text" },
    ]);
    expect(named(snapshot, "Pay now")).toMatchObject([{ role: "button", frame: 0 }]);
    expect(snapshot.frames[0]?.locators[0]).toEqual({ locator_type: "title", locator_value: "Payment" });
    expect(browser.session.page.isInFrame).toBe(false);
  });

  test("says how many parts there was no room for", async () => {
    await pass(open("/applications/customers"));
    const { page } = browser.session;
    const whole = await look();
    const cut = await takeSnapshot(page, {
      signal: AbortSignal.timeout(20_000),
      mask: (text) => text,
      maxNodes: 10,
    });
    expect(cut.nodes).toHaveLength(10);
    expect(cut.leftOut).toBe(whole.nodes.length - 10);
    const told = tellSnapshot(whole, { maxTokens: 100 });
    expect(told.tokens).toBeLessThanOrEqual(110);
    expect(told.text).toContain(`(${told.leftOut} more left out)`);
  });
});
