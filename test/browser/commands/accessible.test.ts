import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, id } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const whole = (body: string, head = "") =>
  `<!doctype html><html lang="en"><head><title>Page</title>${head}</head><body><main><h1>Page</h1>${body}</main></body></html>`;
const BAD = `<img src="data:," class="logo"><p id="pale" style="color: #ccc; background: #fff">Pale</p>`;

describe.each(ROADS)("verify_accessible over %s", (road) => {
  const { run, pass, fail } = browsing(road, { isShared: true });
  let site: TinySite;
  beforeAll(async () => {
    site = await startTinySite({
      "/good": () => whole(`<img src="data:," alt="Logo"><label>Name <input></label>`),
      "/bad": () => whole(BAD),
      "/parts": () => whole(`<section id="one">${BAD}</section><section id="two"><p>Good</p></section>`),
      // An application that has everything of axe-core's names, and answers for it.
      "/hostile": () =>
        whole(
          BAD,
          `<script>var axe = { mine: true }, stepwireAxe = { axe: { runPartial: () => ({}) } };
          addEventListener("message", (event) => event.stopImmediatePropagation(), true);</script>`,
        ),
      "/frames": () =>
        whole(
          `<iframe title="Same" src="/inner"></iframe><iframe title="Other" src="${site.otherUrl}/bad"></iframe>`,
        ),
      "/inner": () => whole(`<iframe title="Deep" src="${site.otherUrl}/bad"></iframe>`),
      "/late": () =>
        whole(
          `<p id="text" style="color: #ccc; background: #fff">Fading in</p>`,
          `<script>setTimeout(() => { document.getElementById("text").style.color = "#000"; }, 400);</script>`,
        ),
    });
  });
  afterAll(() => site.close());
  const open = (path: string): Command => ({ action: "navigate", url: site.url + path });
  const accessible: Command = { action: "verify_accessible" };

  test("a page without problems passes", async () => {
    await pass(open("/good"), accessible);
  });

  test("the message names each rule with its impact and elements, and all of it is kept", async () => {
    const { outcome, artifacts } = await run([open("/bad"), accessible]);
    expect(outcome).toMatchObject({ verdict: "failed", command: 2 });
    const message = "message" in outcome ? outcome.message : "";
    expect(message).toContain("expected no accessibility problem, but axe-core finds 2: ");
    expect(message).toContain("image-alt (critical, one element: img): Images must have alternative text");
    expect(message).toContain("color-contrast (serious, one element: #pale)");
    const [artifact] = artifacts;
    expect(artifact).toMatchObject({ kind: "accessibility" });
    const kept = JSON.parse(Buffer.from((artifact as { bytes: Uint8Array }).bytes).toString()) as unknown;
    expect(kept).toMatchObject({
      engine: expect.stringMatching(/^axe-core 4\./),
      violations: expect.arrayContaining([
        expect.objectContaining({ rule: "image-alt", count: 1, tags: expect.arrayContaining(["wcag2a"]) }),
      ]),
    });
  });

  test("only what is asked for counts: rules, tags, an impact, what is left out", async () => {
    expect(await fail(open("/bad"), { action: "verify_accessible", rules: ["color-contrast"] })).toContain(
      "finds one: color-contrast",
    );
    expect(await fail({ action: "verify_accessible", tags: ["wcag2a"] })).toContain("finds one: image-alt");
    expect(await fail({ action: "verify_accessible", impact: "critical" })).toContain("finds one: image-alt");
    await pass(
      { action: "verify_accessible", impact: "critical", ignore_rules: ["image-alt"] },
      { action: "verify_accessible", exclude: [".logo", "#pale"] },
    );
  });

  test("a locator asks for a part of the page", async () => {
    await pass(open("/parts"), { action: "verify_accessible", ...id("two") });
    expect(await fail({ action: "verify_accessible", ...id("one") })).toContain("axe-core finds 2");
    expect(await fail({ action: "verify_accessible", ...id("none"), timeout: 0.2 })).toContain(
      "there is no such element",
    );
  });

  test("frames are looked into, of other sites too, and the current one stays so", async () => {
    const message = await fail(open("/frames"), { action: "verify_accessible", rules: ["image-alt"] });
    expect(message).toContain("image-alt (critical, 2 elements:");
    await pass(
      { action: "verify_accessible", rules: ["image-alt"], exclude: ["iframe"] },
      { action: "verify_text", ...by("css", "h1"), expected_text: "Page" },
      { action: "switch_frame", ...by("title", "Same") },
      { action: "verify_accessible", rules: ["image-alt"], exclude: ["iframe"] },
      { action: "verify_element_present", ...by("title", "Deep") },
    );
  });

  test("an application cannot answer for axe-core", async ({ skip }) => {
    skip(road === "firefox", "Firefox's driver has no world of its own for scripts");
    expect(await fail(open("/hostile"), accessible)).toContain("axe-core finds 2");
  });

  test("a page that is just changing is looked at once more", async () => {
    await pass(open("/late"), accessible);
  });

  test("what is left out asks for no part of a secret", async () => {
    const { RunVariables } = await import("../../../src/runner/variables.js");
    const variables = new RunVariables({ env: {}, secrets: { KEY: "correct horse" } });
    const typed = [
      open("/good"),
      { action: "input", ...by("css", "input"), text: "${secret.KEY}" },
    ] as Command[];
    for (const selector of ["[value^=c]", "[title^='${secret.KEY}']"]) {
      const commands = [...typed, { action: "verify_accessible", exclude: [selector] } as Command];
      const { outcome } = await run(commands, { variables });
      expect(outcome).toMatchObject({
        verdict: "error",
        command: 3,
        message: expect.stringMatching(/part of/),
      });
    }
  });

  test.each([
    [{ rules: ["no-such-rule"] }, 'has no rule "no-such-rule"'],
    [{ tags: ["wcag9z"] }, 'has no rule with the tag "wcag9z"; there are best-practice, section508, wcag21a'],
    [{ exclude: ["##"] }, "the locator is not valid: "],
  ])("%j is an error, which names what there is", async (fields, words) => {
    const { outcome } = await run([open("/good"), { action: "verify_accessible", ...fields }]);
    expect(outcome).toMatchObject({ verdict: "error", message: expect.stringContaining(words) });
  });
});
