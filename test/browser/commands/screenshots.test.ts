import { PNG } from "pngjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import type { Baselines, ScriptArtifact } from "../../../src/runner/ports.js";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { browsing, by, id, type Ran } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** Baselines in memory, to which a test adds what a run has seen. */
class Shelf implements Baselines {
  readonly browser = "chrome";
  readonly kept = new Map<string, Uint8Array>();

  read(name: string, variant: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.kept.get(`${name} ${variant}`));
  }

  accept(ran: Ran): void {
    const { name, variant, bytes } = picture(ran, "screenshot_actual");
    this.kept.set(`${name} ${variant}`, bytes);
  }
}

type Compared = Extract<ScriptArtifact, { variant: string }>;

function picture(
  { artifacts, outcome }: Pick<Ran, "artifacts" | "outcome">,
  kind: Compared["kind"],
): Compared {
  const found = artifacts.find((artifact) => artifact.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}: ${JSON.stringify(outcome)}`);
  return found as Compared;
}

const kindsOf = ({ artifacts }: Ran) => artifacts.map(({ kind }) => kind);
const messageOf = ({ outcome }: Ran) => ("message" in outcome ? outcome.message : "");
/** The colour of a pixel, such as `ff00ff`. */
function colourAt({ bytes }: Compared, x: number, y: number): string {
  const { width, data } = PNG.sync.read(Buffer.from(bytes));
  return data.toString("hex", (y * width + x) * 4, (y * width + x) * 4 + 3);
}
function sizeOf({ bytes }: Compared): { width: number; height: number } {
  const { width, height } = PNG.sync.read(Buffer.from(bytes));
  return { width, height };
}

const page = (body: string, style = "") =>
  `<!doctype html><style>body { margin: 0; background: #fff } ${style}</style>${body}`;

describe.each(ROADS)("verify_screenshot over %s", (road) => {
  const session = browsing(road, { isShared: true });
  let site: TinySite;
  let shelf: Shelf;
  beforeAll(async () => {
    site = await startTinySite({
      "/plain": (query) =>
        page(`<div id="box" style="width: 200px; height: 100px; background: ${query.get("colour") ?? "#00f"}">
          </div><div id="dot" style="width: 10px; height: 10px; background: ${query.get("dot") ?? "#000"}"></div>`),
      "/clock": (query) => page(`<p id="clock">${query.get("now")}</p><p>Below</p>`),
      "/sized": (query) =>
        page(`<div id="box" style="height: ${query.get("height")}px; background: #0a0"></div>`),
      "/long": () =>
        page(
          `<div style="height: 3000px; background: linear-gradient(#f00, #00f)"></div><p id="end">End</p>`,
        ),
      "/moving": () =>
        page(
          `<input id="field" value="text"><div id="endless"></div><div id="once"></div>`,
          `#field { caret-color: red; font: 30px monospace }
          @keyframes move { from { margin-left: 0 } to { margin-left: 300px } }
          #endless { width: 40px; height: 40px; background: #f00; animation: move 1s infinite }
          #once { width: 40px; height: 40px; background: #0f0; animation: move 30s forwards }`,
        ),
      "/changing": () =>
        page(`<p id="number">0</p><script>
          setInterval(() => { document.getElementById("number").textContent = Math.random(); }, 10);</script>`),
      "/secret": (query) => {
        const text = query.get("text") ?? "";
        const field = `<input size="20" value="${text}">`;
        return page(
          `${field}<div style="height: 2500px">${text}</div>${field}<p>${text}</p>`,
          "* { font: 20px monospace }",
        );
      },
      "/framed": (query) =>
        page(`<div style="height: 50px"></div><iframe style="margin-left: 30px; border: 5px solid"
          src="${site.otherUrl}/plain?dot=${query.get("dot") ?? "black"}"></iframe>`),
    });
  });
  afterAll(() => site.close());
  beforeEach(() => {
    shelf = new Shelf();
  });
  const open = (path: string): Command => ({ action: "navigate", url: site.url + path });
  const look = (fields: Partial<Extract<Command, { action: "verify_screenshot" }>> = {}): Command => ({
    action: "verify_screenshot",
    name: "page",
    timeout: 0.5,
    ...fields,
  });
  const run = (...commands: Command[]) => session.run(commands, { baselines: shelf });
  const pass = async (...commands: Command[]) => {
    const ran = await run(...commands);
    expect(ran.outcome, messageOf(ran)).toEqual({ verdict: "passed" });
  };

  test("without a baseline nobody can judge; accepted, the same page passes and another does not", async () => {
    const first = await run(open("/plain"), look());
    expect(first.outcome).toMatchObject({ verdict: "error", command: 2 });
    expect(messageOf(first)).toMatch(
      /expected the page to look like the baseline 'page', but there is no baseline 'page' for chrome-\d+x\d+@1 yet\..*accept it/,
    );
    expect(kindsOf(first)).toEqual(["screenshot_actual"]);

    shelf.accept(first);
    await pass(open("/plain"), look());

    const other = await run(open("/plain?colour=red"), look());
    expect(other.outcome).toMatchObject({ verdict: "failed", command: 2 });
    expect(messageOf(other)).toMatch(
      /but 20,000 of its [\d,]+ pixels differ \(\d\.\d\d %\), and none may\.$/,
    );
    expect(kindsOf(other)).toEqual(["screenshot_expected", "screenshot_actual", "screenshot_diff"]);
    expect(colourAt(picture(other, "screenshot_expected"), 50, 50)).toBe("0000ff");
    expect(colourAt(picture(other, "screenshot_actual"), 50, 50)).toBe("ff0000");
    expect(colourAt(picture(other, "screenshot_diff"), 50, 50)).toBe("ff0000");
  });

  test("pixels and shares may differ within limits, and colours within a threshold", async () => {
    shelf.accept(await run(open("/plain"), look()));
    await pass(open("/plain?dot=red"), look({ max_diff_pixels: 100 }), look({ max_diff_ratio: 0.001 }));
    expect(messageOf(await run(look({ max_diff_pixels: 99 })))).toContain("at most 99 may");
    expect(messageOf(await run(look({ max_diff_pixels: 1000, max_diff_ratio: 0 })))).toContain("none may");
    await pass(open("/plain?colour=%230505ff"), look());
    expect((await run(look({ threshold: 0 }))).outcome).toMatchObject({ verdict: "failed" });
  });

  test("masks leave out parts that are otherwise each time", async () => {
    const masked = look({ masks: [id("clock"), by("css", ".none")] });
    const first = await run(open("/clock?now=10:30"), masked);
    shelf.accept(first);
    expect(colourAt(picture(first, "screenshot_actual"), 20, 25)).toBe("ff00ff");
    await pass(open("/clock?now=23:59"), masked);
    expect((await run(look())).outcome).toMatchObject({ verdict: "failed" });
  });

  test("a locator compares one element, scrolled into sight, and one that is larger than the window", async () => {
    const element = look({ name: "box", ...id("box") });
    const first = await run(open("/plain"), element);
    expect(sizeOf(picture(first, "screenshot_actual"))).toEqual({ width: 200, height: 100 });
    shelf.accept(first);
    await pass(open("/plain?dot=red"), element);
    expect((await run(open("/plain?colour=red"), element)).outcome).toMatchObject({ verdict: "failed" });
    const large = await run(open("/sized?height=2500"), element);
    expect(sizeOf(picture(large, "screenshot_actual")).height).toBe(2500);
    const low = await run(open("/long"), look({ name: "end", ...id("end") }));
    expect(sizeOf(picture(low, "screenshot_actual")).height).toBeLessThan(100);
    expect(messageOf(await run(look({ name: "none", ...id("none") })))).toContain("there is no such element");
  });

  test("another size fails with both sizes", async () => {
    const box = look({ ...id("box") });
    shelf.accept(await run(open("/sized?height=100"), box));
    const other = await run(open("/sized?height=120"), box);
    expect(messageOf(other)).toMatch(/but it is \d+ × 120 pixels and the baseline \d+ × 100 pixels\.$/);
    expect(kindsOf(other)).toHaveLength(3);
  });

  test("the whole page is as long as it is, and scrolled back afterwards", async () => {
    const first = await run(open("/long"), { action: "scroll", to: "bottom" }, look({ full_page: true }));
    const actual = picture(first, "screenshot_actual");
    expect(sizeOf(actual).height).toBeGreaterThan(3000);
    expect(colourAt(actual, 10, 1)).toMatch(/^f[ef]0000$/);
    shelf.accept(first);
    await pass(open("/long"), look({ full_page: true }));
    const state = () =>
      session.session.page.call(
        "() => `${scrollY} ${document.documentElement.clientWidth}`",
        "",
        AbortSignal.timeout(5_000),
      );
    await session.pass({ action: "scroll", to: "bottom" });
    const before = await state();
    await pass(look({ full_page: true }));
    expect(await state()).toBe(before);
    expect(parseInt(before)).toBeGreaterThan(1000);
  });

  test("carets and animations are stilled, and go on afterwards", async () => {
    const focused = [open("/moving"), { action: "click", ...id("field") }] satisfies Command[];
    const first = await run(...focused, look());
    const actual = picture(first, "screenshot_actual");
    // The endless one is at its beginning, the other at its end.
    const { data, width, height } = PNG.sync.read(Buffer.from(actual.bytes));
    const columns = (colour: string) => {
      const found: number[] = [];
      for (let pixel = 0; pixel < width * height; pixel++)
        if (data.toString("hex", pixel * 4, pixel * 4 + 3) === colour) found.push(pixel % width);
      return [Math.min(...found), Math.max(...found)];
    };
    expect(columns("ff0000")).toEqual([0, 39]);
    expect(columns("00ff00")).toEqual([300, 339]);
    shelf.accept(first);
    await pass(...focused, look());
    const states = await session.session.page.call(
      `() => document.getAnimations().map(({ playState }) => playState).sort().join() + " " + getComputedStyle(document.querySelector("input")).caretColor`,
      "",
      AbortSignal.timeout(5_000),
    );
    expect(states).toBe("finished,running rgb(255, 0, 0)");
  });

  test("a page that never comes to rest fails, and says so", async () => {
    const ran = await run(open("/changing"), look({ timeout: 0.2 }));
    expect(ran.outcome).toMatchObject({ verdict: "failed" });
    expect(messageOf(ran)).toContain("it kept changing: no two pictures in a row were the same");
  });

  test("a frame of another origin is compared where the command is in it", async () => {
    const inside = [
      open("/framed"),
      { action: "switch_frame", ...by("tag", "iframe") },
      look({ ...id("box") }),
    ] satisfies Command[];
    const first = await run(...inside);
    const actual = picture(first, "screenshot_actual");
    expect(sizeOf(actual)).toEqual({ width: 200, height: 100 });
    expect([colourAt(actual, 0, 0), colourAt(actual, 199, 99)]).toEqual(["0000ff", "0000ff"]);
    shelf.accept(first);
    await pass(...inside);
  });

  test("no secret is seen in what is kept, outside of the viewport neither", async () => {
    const fields = look({ full_page: true, timeout: 2 });
    const lookWith = async (secret: string) => {
      const variables = new RunVariables({ env: {}, secrets: { PASSWORD: secret } });
      variables.fillIn("${secret.PASSWORD}");
      const { takePicture } = pictureTakers();
      return await session.run([open(`/secret?text=${secret}`), { action: "scroll", to: "bottom" }, fields], {
        baselines: shelf,
        variables,
        takePicture: (signal, part) => takePicture(session.session.page, variables.used, signal, part),
      });
    };
    // Of the same length in a monospaced font: where they are hidden, pictures of both are the same.
    shelf.accept(await lookWith("iiiiiiiiiiii"));
    expect(await lookWith("MMMMMMMMMMMM")).toMatchObject({ outcome: { verdict: "passed" } });
    expect((await run(open("/secret?text=MMMMMMMMMMMM"), fields)).outcome).toMatchObject({
      verdict: "failed",
    });
  });

  test("another size of the window, or another scale, has a baseline of its own", async () => {
    shelf.accept(await run(open("/plain"), look()));
    const smaller = await run({ action: "set_window_size", width: 800, height: 600 }, look());
    expect(messageOf(smaller)).toContain("for chrome-800x600@1 yet");
    await session.restart();
  });
});
