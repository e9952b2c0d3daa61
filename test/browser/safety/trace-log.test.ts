import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RunVariables } from "../../../src/runner/variables.js";
import { keptLog } from "../../support/kept-log.js";
import { realPool, ROADS, type RealPool } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const SECRET = "Qz7/k mXp+";
/** Long enough not to be a part of a number or id by accident. */
const PIN = "804261953771";
const id = (locator_value: string) => ({ locator_type: "id", locator_value }) as const;

let site: TinySite;
beforeAll(async () => {
  // Shows what is typed wherever the browser may tell of it.
  site = await startTinySite({
    "/": () => `<title>Form</title><input id=field><input id=pin><iframe id=frame></iframe><p id=echo></p><script>
      const show = (text) => {
        echo.textContent = document.title = name = text;
        echo.title = text;
        console.log("typed", text, { [text]: Number(text) });
        console.log(Number(text));
        frame.name = text;
        frame.srcdoc = text;
        history.replaceState({}, "", "?" + text);
        fetch("/" + text, { method: "POST", headers: { "x-typed": text }, body: text }).catch(() => 0);
      };
      field.onchange = pin.onchange = ({ target }) => { show(target.value); alert(target.value); };
      field.oninput = pin.oninput = ({ target }) => { show(target.value); };
    </script>`,
  });
});
afterAll(() => site.close());

describe.each(ROADS.filter((road) => road !== "firefox"))("the trace of a run over %s", (road) => {
  const kept = keptLog("trace");
  let real: RealPool;

  beforeAll(async () => {
    real = realPool({ size: 1, road, log: kept.log });
    const session = await real.pool.acquire(AbortSignal.timeout(30_000));
    const variables = new RunVariables({ env: {}, secrets: { KEY: SECRET, PIN } });
    const { outcome } = await runCommands(
      session.page,
      [
        { action: "navigate", url: `${site.url}/` },
        { action: "input", ...id("field"), text: "${secret.KEY}" },
        { action: "press_key", keys: "Tab" },
        { action: "handle_dialog", response: "accept" },
        { action: "verify_value", ...id("field"), expected_value: "${secret.KEY}" },
        { action: "input", ...id("pin"), text: "${secret.PIN}" },
        { action: "press_key", keys: "Tab" },
        { action: "handle_dialog", response: "accept" },
        { action: "verify_text", ...id("echo"), expected_text: "${secret.PIN}" },
        { action: "verify_title", expected_title: "${secret.PIN}" },
      ],
      { variables },
    );
    expect(outcome).toEqual({ verdict: "passed" });
    await session.page.screenshot(AbortSignal.timeout(10_000));
    await session.page.source(AbortSignal.timeout(10_000));
    await session.close();
    await real.pool.close();
  });

  test("has both directions, with methods, sessions and durations", () => {
    const sent = kept.lines.filter(({ msg }) => msg === "browser command sent");
    const answers = kept.lines.filter(({ msg }) => msg === "browser answer received");
    expect(new Set(sent.map(({ method }) => method))).toContain("Runtime.callFunctionOn");
    const answer = answers.find(({ method }) => method === "Runtime.callFunctionOn");
    expect(answer).toMatchObject({
      id: expect.any(Number),
      session: expect.any(String),
      ms: expect.any(Number),
      result: { result: { type: expect.any(String) } },
    });
  });

  test.skipIf(road === "classic")(
    "has the browser's events, which a classic session asks for none of",
    () => {
      const events = kept.lines.filter(({ msg }) => msg === "browser event received");
      expect(new Set(events.map(({ method }) => method))).toContain("Page.javascriptDialogOpening");
    },
  );

  test.each(["utf8", "base64", "hex"] as const)("has no secret that was typed, in %s", (encoding) => {
    for (const secret of [SECRET, PIN]) {
      const written = Buffer.from(secret).toString(encoding).replace(/=+$/, "");
      expect(kept.text()).not.toContain(written);
    }
  });

  test("has no key, and no script or picture", () => {
    expect(kept.text()).not.toContain(encodeURIComponent(SECRET));
    expect(kept.text()).not.toMatch(/"(?:key|code|text|windowsVirtualKeyCode|value|data)":(?!"…)/);
    for (const line of kept.lines) expect(JSON.stringify(line).length).toBeLessThan(1_500);
  });
});
