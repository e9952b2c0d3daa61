import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakePool } from "../../support/fake-browser.js";
import { findChromium } from "../../support/installed-browser.js";
import { createToken, tokensOf } from "../../support/logins.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** A name that the browser takes for this machine, as an attacker's own might be. */
const FOREIGN = "evil.example";

let browser: Browser;
let site: TinySite;
let context: BrowserContext;
let page: Page;
/** Lines of the page's console, its errors included. */
let said: string[];
let testApp: TestApp;
let own: string;

beforeAll(async () => {
  const { binary } = await findChromium();
  browser = await chromium.launch({
    executablePath: binary,
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${FOREIGN} 127.0.0.1`],
  });
  site = await startTinySite({ "/": () => "<!doctype html><title>Frontend</title><body>" });
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

beforeEach(async () => {
  testApp = await startApp({}, { pool: new FakePool(1) });
  own = `http://${testApp.address}`;
  context = await browser.newContext();
  page = await context.newPage();
  said = [];
  page.on("console", (message) => {
    // The browser asks for an icon by itself; there is none.
    if (!message.location().url.endsWith("/favicon.ico")) said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(String(error)));
});
afterEach(async () => {
  await context.close();
  await testApp.close();
});

/** Opens a WebSocket in the page. @returns the type of the answer to its message, or the code that closes it */
function connect(address = testApp.address): Promise<string> {
  return page.evaluate<string>(`new Promise((resolve) => {
    const socket = new WebSocket("ws://${address}/ws/execute-step");
    socket.onopen = () => socket.send('{"type":"unsubscribe","run_id":"none"}');
    socket.onmessage = ({ data }) => resolve(JSON.parse(data).type);
    socket.onclose = ({ code }) => resolve(String(code));
  })`);
}

/** True when the page can read the answer of an address. */
function reads(url: string): Promise<boolean> {
  return page.evaluate<boolean>(`fetch("${url}").then(({ ok }) => ok, () => false)`);
}

/** True when the page can show the picture at an address. */
function shows(url: string): Promise<boolean> {
  return page.evaluate<boolean>(
    `Object.assign(new Image(), { src: "${url}" }).decode().then(() => true, () => false)`,
  );
}

/** Saves a file of a run, and answers with its address. */
async function save(kind: "screenshot" | "page_source" | "video", bytes: Uint8Array): Promise<string> {
  const { executionStore, artifactStore } = testApp.app.database;
  const { caseId, stepIds } = await testApp.createCase([[]]);
  const [stepId = 0] = stepIds;
  const runId = `run-${caseId}`;
  await executionStore.createRun({
    id: runId,
    kind: "step",
    testCaseId: caseId,
    testStepId: stepId,
    onFailure: "stop",
    requestId: null,
    createdAt: new Date(),
  });
  if (kind === "video") {
    const file = await artifactStore.create({ runId, mediaType: "video/webm" });
    await file.write(Buffer.from(bytes), 0);
    return own + (await file.keep({ stepId, kind, name: "video.webm" }));
  }
  const mediaType = kind === "screenshot" ? "image/jpeg" : "text/html";
  return own + (await artifactStore.save({ runId, stepId, kind, mediaType, bytes }));
}

/** Some frames of video, as the browser makes them. */
async function record(): Promise<Buffer> {
  const base64 = await page.evaluate<string>(`(async () => {
    const canvas = document.createElement("canvas");
    const drawing = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: "video/webm;codecs=vp8" });
    const done = new Promise((resolve) => (recorder.ondataavailable = ({ data }) => resolve(data)));
    recorder.start();
    for (let frame = 0; frame < 20; frame++) {
      drawing.fillRect(frame * 5, 0, 5, 50);
      await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    const bytes = new Uint8Array(await (await done).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  })()`);
  return Buffer.from(base64, "base64");
}

test("the documentation works, and breaks no rule of its policy", async () => {
  await page.goto(`${own}/docs`);
  await page.getByText("Find test cases").first().click();
  await page.getByRole("button", { name: "Try it out" }).click();
  await page.getByRole("button", { name: "Execute" }).click();
  await page.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();

  expect(said).toEqual([]);
});

describe("a file of a run that is opened alone", () => {
  test("is shown when it is a picture", async () => {
    const url = await save("screenshot", await page.screenshot({ type: "jpeg" }));
    await page.goto(url);
    expect(await page.evaluate(`document.querySelector("img").naturalWidth`)).toBe(1280);
    expect(said).toEqual([]);
  });

  test("is played when it is a video", async () => {
    const url = await save("video", await record());
    await page.goto(url);
    const played = await page.evaluate(`(async () => {
      const video = document.querySelector("video");
      await video.play();
      return video.videoWidth;
    })()`);
    expect(played).toBe(300);
    expect(said).toEqual([]);
  });

  test("is no page of this server when it is one of the application: nothing in it runs, loads or sends", async () => {
    const answered: string[] = [];
    const failed: string[] = [];
    const html = `<!doctype html><title>Kept</title>
      <base href="http://${FOREIGN}/"><meta http-equiv="refresh" content="0;url=/api/stats">
      <link rel="stylesheet" href="/docs/static/swagger-ui.css"><img src="/docs/static/logo.svg">
      <iframe src="/api/stats"></iframe>
      <form id="form" method="post" action="${own}/api/test-cases"><button>Send</button></form>
      <script>document.title = "ran"; fetch("/api/stats"); document.forms[0].submit();</script>
      <svg onload="document.title = 'ran'"></svg>`;
    const url = await save("page_source", Buffer.from(html));
    page.on("response", (response) => answered.push(response.url()));
    page.on("requestfailed", (request) => failed.push(request.failure()?.errorText ?? ""));
    await page.goto(url);
    await page.getByRole("button", { name: "Send" }).click();

    expect(await page.title()).toBe("Kept");
    expect(answered.filter((address) => !address.endsWith("/favicon.ico"))).toEqual([url]);
    expect(failed.filter((reason) => reason !== "csp")).toEqual([]);
    expect(page.url()).toBe(url);
  });
});

describe("where nobody logs in", () => {
  test("a frontend on another port of this machine works, pictures and frames included", async () => {
    const picture = await save("screenshot", await page.screenshot({ type: "jpeg" }));
    const source = await save("page_source", Buffer.from("<p>Kept</p>"));
    // 127.0.0.1 and localhost are two sites.
    for (const url of [site.url, site.otherUrl]) {
      await page.goto(url);
      expect([url, await connect()]).toEqual([url, "unsubscribed"]);
      expect([url, await reads(`${own}/api/stats`)]).toEqual([url, true]);
      expect([url, await shows(picture)]).toEqual([url, true]);
      await page.evaluate(`document.body.innerHTML = '<iframe src="${source}"></iframe>'`);
      await page.frameLocator("iframe").getByText("Kept").waitFor();
    }
  });

  test("a foreign page gets nothing, by this machine's names or its own", async () => {
    const picture = await save("screenshot", await page.screenshot({ type: "jpeg" }));
    await page.goto(site.url.replace("127.0.0.1", FOREIGN));
    for (const host of [testApp.address, testApp.address.replace("127.0.0.1", FOREIGN)]) {
      expect([host, await connect(host)]).toEqual([host, "1006"]);
      expect([host, await reads(`http://${host}/api/stats`)]).toEqual([host, false]);
      expect([host, await shows(picture.replace(testApp.address, host))]).toEqual([host, false]);
    }
    // A page whose name has come to mean this server (DNS rebinding).
    await page.goto(`${own.replace("127.0.0.1", FOREIGN)}/docs`);
    expect(await page.locator("body").innerText()).toContain("forbidden_origin");
  });
});

test("a page of another port cannot ride the session of the server's own pages", async () => {
  const { token } = await createToken(testApp, ["admin"]);
  await page.goto(`${own}/docs`);
  const isLoggedIn = await page.evaluate(async (bearer) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ token: bearer });
    return (await fetch("/api/session", { method: "POST", headers, body })).ok;
  }, token);
  expect(isLoggedIn).toBe(true);
  expect(await connect()).toBe("unsubscribed");

  // Of the same site: its browser sends the cookie along.
  await page.goto(site.url);
  expect(await connect()).toBe("4401");
  const answers = await page.evaluate(async (url) => {
    const init = { credentials: "include", method: "POST", mode: "no-cors" } as const;
    const sent = await fetch(`${url}/api/test-cases`, { ...init, body: '{"name":"Ridden"}' }).catch(String);
    const read = await fetch(`${url}/api/session`, { credentials: "include" }).catch(String);
    return [sent, read];
  }, own);
  expect(answers).toEqual(["TypeError: Failed to fetch", "TypeError: Failed to fetch"]);
  const cases = await testApp.app.database.testCaseStore.listTestCases({ limit: 10, before: undefined });
  expect(JSON.stringify(cases)).not.toContain("Ridden");
  expect((await tokensOf(testApp.app).list()).length).toBe(1);
});
