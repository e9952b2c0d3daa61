import { strFromU8, unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";
import { TestClient, type Message } from "../../support/client.js";
import { realPool, type RealPool } from "../../support/real-browser.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const { takePicture } = pictureTakers();

// Of the same length in a monospaced font: where they are hidden, pictures of both are the same.
const SECRET = "pa&ss<wo>rd";
const OTHER = "MMMMMMMMMMM";

let site: TinySite;

beforeAll(async () => {
  site = await startTinySite({
    "/broken": () => `<h1>Broken</h1><script>
      console.warn("the basket is old");
      fetch("/missing?token=1").then(() => { document.body.append("loaded"); nothing.at.all; });
    </script>`,
    "/echo": () => `<style>* { font: 20px monospace; caret-color: transparent }</style>
      <label>Name <input id=name></label><label>Password <input id=password oninput="echo.textContent = value"></label>
      <p>You typed: <b id=echo></b></p>`,
    "/places": (query) => placesPage(query.get("show") ?? "", site),
    "/frame": (query) => `<p style="font: 20px monospace">Frame: ${escape(query.get("show") ?? "")}</p>`,
  });
});
afterAll(() => site.close());

/** Short enough to be read in the message of a failed test. */
function digest(bytes: Uint8Array | ArrayBuffer): string {
  return createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Every kind of place in which a page can show a text. */
function placesPage(text: string, { otherUrl }: TinySite): string {
  const shown = escape(text);
  const query = encodeURIComponent(text);
  return `<style>* { font: 20px monospace }
      .cut { background: linear-gradient(red, blue); background-clip: text; color: transparent }
      .shadow { text-shadow: 5px 5px 2px red } .stroke { -webkit-text-stroke: 2px green }</style>
    <p>Plain ${shown} text</p><p>Split ${escape(text.slice(0, 1))}<b>${escape(text.slice(1, 2))}</b>${escape(text.slice(2))}</p>
    <p class=cut>${shown}</p><p class=shadow>${shown}</p><p class=stroke>${shown}</p>
    <svg width=300 height=40><text x=5 y=30>${shown}</text></svg>
    <input value="${shown}"><textarea>${shown}</textarea><input type=button value="${shown}">
    <input placeholder="${shown}" size=11><input type=password value="${shown}">
    <select><option>${shown}</option></select><button>${shown}</button>
    <div id=host></div>
    <iframe id=inner src="/frame?show=${query}" height=60></iframe>
    <iframe src="${otherUrl}/frame?show=${query}" height=60></iframe>
    <script>const root = document.querySelector("#host").attachShadow({ mode: "open" });
      root.innerHTML = "<style>p { color: blue }</style><p></p>";
      root.querySelector("p").textContent = ${JSON.stringify(text).replaceAll("<", "\\u003c")};</script>`;
}

describe("a picture without secrets", () => {
  let real: RealPool;
  let session: BrowserSession;
  let signal: AbortSignal;

  beforeEach(async () => {
    signal = AbortSignal.timeout(55_000);
    real = realPool({ size: 1 });
    session = await real.pool.acquire(signal);
  });
  afterEach(async () => {
    await session.close();
    await real.pool.close();
  });

  async function picture(text: string, secrets: string[]): Promise<string> {
    const { page } = session;
    await page.navigate(`${site.url}/places?show=${encodeURIComponent(text)}`, signal);
    await loaded();
    const before = await page.source(signal);
    const bytes = await takePicture(page, secrets, signal);
    expect(await page.source(signal)).toBe(before);
    return digest(bytes);
  }

  /** Pictures are compared byte by byte, so nothing may still be loading. */
  async function loaded(): Promise<void> {
    const isLoaded = `() => document.readyState`;
    await expect.poll(() => session.page.call(isLoaded, "", signal), { timeout: 10_000 }).toBe("complete");
  }

  test("shows them nowhere, and leaves the page as it was", async () => {
    expect(await picture(SECRET, [SECRET])).toBe(await picture(OTHER, [OTHER]));
    // The comparison notices what is not hidden.
    expect(await picture(SECRET, [])).not.toBe(await picture(OTHER, []));
    expect(await picture(SECRET, [OTHER])).not.toBe(await picture(OTHER, [SECRET]));
  });

  test("is taken from inside a frame too", async () => {
    const pictureInFrame = async (text: string) => {
      await session.page.navigate(`${site.url}/places?show=${encodeURIComponent(text)}`, signal);
      await loaded();
      const frame = await session.page.element(`() => document.querySelector("#inner")`, signal);
      await session.page.enterFrame(frame, signal);
      return digest(await takePicture(session.page, [text], signal));
    };
    expect(await pictureInFrame(SECRET)).toBe(await pictureInFrame(OTHER));
  });

  test("cannot be had from inside a frame of another origin, so there is none", async () => {
    await session.page.navigate(`${site.url}/places?show=x`, signal);
    await loaded();
    const frame = await session.page.element(`() => document.querySelectorAll("iframe")[1]`, signal);
    await session.page.enterFrame(frame, signal);
    await expect(takePicture(session.page, ["x"], signal)).rejects.toThrow(/of another origin/);
  });
});

describe("a run", () => {
  let testApp: TestApp;
  let client: TestClient;

  const start = async (environment: Record<string, string>) => {
    testApp = await startApp({ BROWSER_POOL_SIZE: "1", ...environment });
    client = await TestClient.connect(testApp.address);
  };
  afterEach(async () => {
    client.close();
    await testApp.close();
  });

  async function run(script: object[]): Promise<Message> {
    const { stepIds } = await testApp.createCase([script]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    return await client.next("execution_complete");
  }

  const artifact = async (complete: Message, kind: string): Promise<Response> => {
    const found = (complete["artifacts"] as { kind: string; url: string }[]).find((one) => one.kind === kind);
    return await fetch(`http://${testApp.address}${found?.url ?? `/no-${kind}`}`);
  };

  async function trace(complete: Message): Promise<Record<string, Uint8Array>> {
    const url = `http://${testApp.address}/api/runs/${String(complete["run_id"])}/trace`;
    return unzipSync(new Uint8Array(await (await fetch(url)).arrayBuffer()));
  }

  const open = (path: string) => ({ action: "navigate", url: site.url + path });

  test("that fails keeps what tells why, and all of it is in its trace", async () => {
    await start({});
    const complete = await run([
      open("/broken"),
      { action: "wait_for_text", locator_type: "tag", locator_value: "body", expected_text: "loaded" },
      { action: "screenshot", name: "broken" },
      {
        action: "verify_text",
        locator_type: "tag",
        locator_value: "h1",
        expected_text: "Fine",
        timeout: 0.2,
      },
    ]);
    expect(complete).toMatchObject({ status: "failed" });

    const console = (await (await artifact(complete, "console")).json()) as Message[];
    expect(console).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: "warning", text: "the basket is old" }),
        expect.objectContaining({
          level: "error",
          text: expect.stringContaining("nothing is not defined") as string,
        }),
      ]),
    );
    const network = (await (await artifact(complete, "network")).json()) as Message[];
    expect(network).toEqual([
      expect.objectContaining({ method: "GET", url: `${site.url}/missing?token=1`, status: 404 }),
    ]);
    const commands = (await (await artifact(complete, "commands")).json()) as Message[];
    expect(commands.map(({ number, action, verdict }) => [number, action, verdict])).toEqual([
      [1, "navigate", "passed"],
      [2, "wait_for_text", "passed"],
      [3, "screenshot", "passed"],
      [4, "verify_text", "failed"],
    ]);
    expect(Number(commands[3]?.["duration_ms"])).toBeGreaterThanOrEqual(150);

    expect(client.received.find(({ type }) => type === "artifact")).toMatchObject({
      step: 3,
      kind: "screenshot",
      name: "broken",
    });
    const files = await trace(complete);
    const references = complete["artifacts"] as { kind: string; url: string }[];
    expect(references.map(({ kind }) => kind)).toEqual([
      "screenshot",
      "screenshot",
      "page_source",
      "console",
      "network",
      "commands",
    ]);
    const { artifacts } = JSON.parse(strFromU8(files["run.json"] ?? new Uint8Array())) as {
      artifacts: { url: string; file: string }[];
    };
    const fileOf = (url: string) => artifacts.find((artifact) => artifact.url === url)?.file ?? "";
    expect(references.filter(({ url }) => files[fileOf(url)] === undefined)).toEqual([]);
    expect(strFromU8(files["index.html"] ?? new Uint8Array())).toContain("<h2>Case</h2>");
    expect(
      strFromU8(files["events.jsonl"] ?? new Uint8Array())
        .split("\n")
        .filter(Boolean),
    ).toHaveLength(client.received.length);
  });

  test("that looks for accessibility problems keeps the findings", async () => {
    await start({});
    const complete = await run([open("/broken"), { action: "verify_accessible", rules: ["html-has-lang"] }]);
    expect(complete).toMatchObject({ status: "failed" });
    const found = await artifact(complete, "accessibility");
    expect(found.headers.get("content-type")).toContain("application/json");
    expect(await found.json()).toMatchObject({ violations: [{ rule: "html-has-lang", count: 1 }] });
  });

  const TYPING = () => [
    open("/echo"),
    { action: "input", locator_type: "id", locator_value: "name", text: "tom" },
    { action: "input", locator_type: "id", locator_value: "password", text: "${secret.PASSWORD}" },
    { action: "screenshot" },
    {
      action: "verify_text",
      locator_type: "id",
      locator_value: "echo",
      expected_text: "never",
      timeout: 0.2,
    },
  ];

  async function pictures(): Promise<string[]> {
    const complete = await run(TYPING());
    expect(complete).toMatchObject({ status: "failed" });
    const taken = client.received.filter(({ type }) => type === "screenshot");
    expect(taken.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    const kept = await (await artifact(complete, "screenshot")).arrayBuffer();
    return [...taken.map(({ image }) => digest(Buffer.from(String(image), "base64"))), digest(kept)];
  }

  test("that types a secret shows it in no picture, event, artifact and file", async () => {
    await start({ SECRET_PASSWORD: SECRET });
    const withOne = await pictures();
    const complete = await client.next("execution_complete");
    expect(complete["error_message"]).toContain('its text is "***"');
    const files = await trace(complete);
    const texts = Object.entries(files)
      .filter(([name]) => !name.endsWith(".jpg"))
      .map(([, content]) => strFromU8(content));
    const everything = [JSON.stringify(client.received), ...texts].join("\n");
    expect(everything).toContain("***");
    for (const notation of [SECRET, "pa&amp;ss", "pa%26ss", "ss&lt;wo"]) {
      expect(everything).not.toContain(notation);
    }
    client.close();
    await testApp.close();

    await start({ SECRET_PASSWORD: OTHER });
    expect(await pictures()).toEqual(withOne);
  });

  test("takes its secrets from a folder too", async () => {
    const { path, remove } = await scratchFolder();
    await writeFile(join(path, "PASSWORD"), `${SECRET}\n`);
    await start({ SECRETS_DIR: path });
    const complete = await run([
      open("/echo"),
      { action: "input", locator_type: "id", locator_value: "password", text: "${secret.PASSWORD}" },
      { action: "verify_value", locator_type: "id", locator_value: "password", expected_value: SECRET },
    ]);
    expect(complete).toMatchObject({ status: "passed" });
    await remove();
  });
});
