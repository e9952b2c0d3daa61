import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { HOSTILITIES } from "../../site/pages/hostile.js";
import { browsing, by, click, id, shows } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";

const SECRET = "hunter2-Två";
const soon = () => AbortSignal.timeout(20_000);

/** Commands that pass on the page as a person sees it, whatever its scripts say. */
const SEEN = [
  shows("status", "Order has failed"),
  { action: "verify_element_present", ...by("text", "Order has failed") },
  { action: "verify_element_absent", ...by("text", "Order is placed") },
  { action: "verify_hidden", ...id("hidden") },
  { action: "wait_for", ...id("off"), state: "disabled" },
  { action: "wait_for", ...id("box"), state: "unchecked" },
  { action: "verify_count", ...by("css", "#form button"), expected_count: 2 },
  { action: "verify_attribute", ...id("list"), attribute: "aria-label", expected_value: "List" },
  { action: "verify_selected", ...id("list"), label: ["One"] },
  { action: "verify_css", ...id("cover"), property: "position", expected_value: "absolute" },
  { action: "verify_element_present", ...by("xpath", "//button[@id='off']") },
  { action: "verify_visible", ...by("role", "button"), locator_name: "Off" },
  { action: "verify_visible", ...by("label", "Name") },
] as Command[];

/** Commands that would pass if the page's lies were believed. */
const UNSEEN = [
  shows("status", "Order is placed"),
  { action: "verify_visible", ...id("hidden") },
  { action: "verify_enabled", ...id("off") },
  { action: "verify_checked", ...id("box") },
  { action: "verify_element_present", ...id("nowhere") },
  click("covered"),
  click("off"),
] as Command[];

/** Actions of a person, each with its effect. */
const DONE = [
  { action: "input", ...id("name"), text: "Ada" },
  { action: "verify_value", ...id("name"), expected_value: "Ada" },
  { action: "input", ...id("date"), text: "2026-01-31" },
  { action: "verify_value", ...id("date"), expected_value: "2026-01-31" },
  { action: "select", ...id("list"), label: SECRET },
  { action: "verify_selected", ...id("list"), label: [SECRET] },
  click("box"),
  { action: "verify_checked", ...id("box") },
  { action: "hover", ...id("go") },
] as Command[];

/** Actions that the page itself notices: a hand on the button once, and a form that is sent. */
const NOTICED = [
  click("go"),
  shows("record", "go clicked 1"),
  { action: "click", ...by("role", "button"), locator_name: "Form go" },
  shows("record", "form-go clicked 1"),
  { action: "submit", ...id("form") },
  shows("record", "sent"),
] as Command[];

const quick = (commands: readonly Command[]) =>
  commands.map((command) => ({ ...command, timeout: 0.1 }) as Command);

describe.skipIf(isFirefox)("hostile pages (skipped in Firefox, whose driver has no world of its own)", () => {
  describe.each(ROADS)("over %s", (road) => {
    const page = browsing(road, { isShared: true });
    const { open, pass, fail } = page;

    describe.each(HOSTILITIES)("with %s", (how) => {
      test("show a verdict what a person sees", async () => {
        await pass(open(`/hostile?how=${how}`), {
          action: "verify_title",
          expected_title: "Hostile",
        });
        await pass(...SEEN);
        for (const command of quick(UNSEEN)) await fail(command);
      });

      test("are worked with as by a person", async () => {
        await pass(open(`/hostile?how=${how}`), ...DONE);
        if (how !== "silencers") await pass(...NOTICED);
        // The page lets nobody else hear of the press; that it was pressed once is all that it knows.
        else
          await pass(click("go"), {
            action: "verify_attribute",
            ...by("tag", "html"),
            attribute: "data-presses",
            expected_value: "2",
          });
      });

      test.each(["same", "other"])("show it in a frame of the %s site too", async (name) => {
        const frame = { action: "switch_frame", ...id(name) } as Command;
        await pass(open(`/hostile/framed?how=${how}`), frame, ...SEEN, ...DONE);
        if (how !== "silencers") await pass(...NOTICED);
        for (const command of quick(UNSEEN.slice(0, 3))) await fail(command);
      });
    });

    test("that have elements with the names of our scripts take a key, too, after a secret was used", async () => {
      const variables = new RunVariables({ env: {}, secrets: { PASSWORD: SECRET } });
      const type = { action: "input", ...id("name"), text: "${secret.PASSWORD}" } as Command;
      const fresh = open("/hostile?how=clobbers");
      const { outcome } = await page.run([fresh, type, fresh, { action: "press_key", keys: "a" }], {
        variables,
      });
      expect(outcome).toEqual({ verdict: "passed" });
    });

    test("have their windows listed as they are", async () => {
      await pass(open("/hostile?how=liars"));
      expect(await page.session.page.windows(soon())).toMatchObject([{ title: "Hostile" }]);
      expect(await page.session.page.title(soon())).toBe("Hostile");
      expect(await page.session.page.source(soon())).toContain("Order has failed");
    });

    test.each(["/hostile?how=spies", "/hostile/framed?how=spies"])(
      "see nothing of a secret but what its keys show: %s",
      async (path) => {
        const variables = new RunVariables({ env: {}, secrets: { PASSWORD: SECRET, DAY: "2026-01-31" } });
        const secret = "${secret.PASSWORD}";
        const frame = path.includes("framed") ? [{ action: "switch_frame", ...id("other") } as Command] : [];
        const commands = [
          open(path),
          ...frame,
          { action: "input", ...id("name"), text: secret },
          { action: "verify_value", ...id("name"), expected_value: secret },
          { action: "input", ...id("date"), text: "${secret.DAY}" },
          { action: "verify_element_absent", ...by("text", `The ${secret}`) },
          { action: "verify_element_absent", ...by("role", "button"), locator_name: secret },
          { action: "select", ...id("list"), label: secret },
          { action: "verify_selected", ...id("list"), label: [secret] },
          { action: "verify_text", ...id("status"), expected_text: secret, not: true },
          click("go"),
        ] as Command[];
        const { outcome } = await page.run(commands, { variables });
        expect(outcome).toEqual({ verdict: "passed" });
        // Without a frame: a picture from within one of another site is refused.
        if (frame.length === 0) await pictureTakers().takePicture(page.session.page, variables.used, soon());
        const tell = `() => {
          document.dispatchEvent(new Event("tell-what-was-seen"));
          return document.querySelector("#seen").textContent;
        }`;
        const seen = await page.session.page.call(tell, "", soon());
        // The spies do work: the page's own use of its functions is among what they have seen.
        expect(seen).toContain("the page itself was clicked");
        expect(seen).not.toContain(SECRET);
        expect(seen).not.toContain("2026-01-31");
      },
    );
  });
});
