import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startSite, type Site } from "../../site/server.js";
import { TestClient, type Message } from "../../support/client.js";
import { findChromium } from "../../support/installed-browser.js";
import { browserProcess, processesWith, profileFolders } from "../../support/processes.js";
import { scratchFolder, type ScratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";
import { writeShellProgram } from "../../support/shell-program.js";
import { createCase, getJson } from "../../support/test-app.js";

let site: Site;
let folder: ScratchFolder;
let server: ServerProcess;
let client: TestClient;

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

afterEach(() => {
  client.close();
});

async function setUp(environment: Record<string, string> = {}): Promise<void> {
  folder = await scratchFolder();
  await start(environment);
}

async function tearDown(): Promise<void> {
  await server.end("SIGTERM");
  await folder.remove();
}

async function start(environment: Record<string, string> = {}): Promise<void> {
  server = await ServerProcess.start(folder.path, environment);
}

async function connect(): Promise<void> {
  client = await TestClient.connect(server.address);
}

const open = (path: string) => ({ action: "navigate", url: site.url + path });
const LOGIN = () => [
  open("/login"),
  { action: "input", locator_type: "id", locator_value: "username", text: "tomsmith" },
  { action: "input", locator_type: "id", locator_value: "password", text: "SuperSecretPassword!" },
  { action: "click", locator_type: "css", locator_value: "button[type=submit]", description: "Click login" },
  { action: "verify_text", locator_type: "tag", locator_value: "body", expected_text: "You logged into" },
];
const SECURE = () => [
  open("/secure"),
  { action: "verify_text", locator_type: "tag", locator_value: "body", expected_text: "secure area" },
];
const LONG = () => [open("/text"), { action: "wait", duration: 30 }];

async function startLongRun(): Promise<string> {
  const { stepIds } = await createCase(server.address, [LONG()]);
  client.send({ type: "execute_step", step_id: stepIds[0] });
  const progress = await client.next((message) => message["action"] === "wait");
  return String(progress["run_id"]);
}

const runOf = (runId: string) => getJson<Message>(server.address, `/api/runs/${runId}`);

describe("runs in a real browser", () => {
  beforeAll(() => setUp());
  afterAll(tearDown);
  beforeEach(connect);

  test("a case, then one step with the login before it, each with pictures", async () => {
    const { caseId, stepIds } = await createCase(server.address, [LOGIN(), SECURE()]);
    client.send({ type: "execute_all", test_case_id: caseId, request_id: "all" });
    expect(await client.next("all_steps_complete")).toMatchObject({
      status: "passed",
      passed: 2,
      request_id: "all",
    });

    client.send({ type: "execute_step", step_id: stepIds[1], request_id: "one" });
    const complete = await client.next(
      ({ type, request_id }) => type === "execution_complete" && request_id === "one",
    );
    expect(complete).toMatchObject({ status: "passed", step_id: stepIds[1] });
    const own = client.received.filter(({ request_id }) => request_id === "one");
    expect(own.filter(({ type }) => type === "progress").map(({ step, total }) => [step, total])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((step) => [step, 7]),
    );
    const pictures = own.filter(({ type }) => type === "screenshot");
    expect(pictures.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const { image } of pictures) {
      expect(Buffer.from(String(image), "base64").subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    }
  });

  test("the server's own port is out of reach, for a script and for the pages that it opens", async () => {
    const own = `http://${server.address}/api/test-cases`;
    const redirect = `${site.url}/reach/redirect?to=${encodeURIComponent(own)}`;
    for (const [request_id, url] of Object.entries({ own, redirect })) {
      const { stepIds } = await createCase(server.address, [[{ action: "navigate", url }]]);
      client.send({ type: "execute_step", step_id: stepIds[0], request_id });
      const complete = await client.next(
        (message) => message.type === "execution_complete" && message["request_id"] === request_id,
      );
      expect(complete["status"]).toBe("error");
      expect(complete["error_message"]).toContain("is Stepwire's own");
    }
  });

  test("a failure keeps a picture and the page source", async () => {
    const { stepIds } = await createCase(server.address, [
      [
        open("/text"),
        {
          action: "verify_text",
          locator_type: "id",
          locator_value: "plain",
          expected_text: "absent",
          timeout: 0.2,
        },
      ],
    ]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const complete = await client.next("execution_complete");
    expect(complete).toMatchObject({ status: "failed" });
    const artifacts = complete["artifacts"] as { kind: string; url: string }[];
    expect(artifacts.map(({ kind }) => kind)).toEqual([
      "screenshot",
      "page_source",
      "console",
      "network",
      "commands",
    ]);
    const source = await fetch(`http://${server.address}${artifacts[1]?.url ?? ""}`);
    expect(await source.text()).toContain("Plain visible text");
    expect(source.headers.get("content-security-policy")).toContain("sandbox");
  });

  test("a case generated from plain English runs as it is", async () => {
    const description =
      `Open ${site.url}/login. Type tomsmith into Username. Type "SuperSecretPassword!" into Password. ` +
      "Click the Login button. Check that the page shows You logged into a secure area.";
    client.send({ type: "generate_test_case", description });
    const { test_case_id } = await client.next("generation_complete");
    client.send({ type: "execute_all", test_case_id });
    expect(await client.next("all_steps_complete")).toMatchObject({ status: "passed", failed: 0, error: 0 });
  });

  test("cancel ends a run within 1 s and its browser context is gone", async () => {
    const runId = await startLongRun();
    const started = performance.now();
    client.send({ type: "cancel", run_id: runId, request_id: "c" });
    expect(await client.next("cancel_accepted")).toMatchObject({ run_id: runId, request_id: "c" });
    const complete = await client.next("execution_complete");
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(complete).toMatchObject({ status: "error", error_message: "Cancelled" });
    await expect.poll(() => runOf(runId)).toMatchObject({ status: "error" });

    client.send({ type: "cancel", run_id: runId, request_id: "again" });
    expect(await client.next(({ request_id }) => request_id === "again")).toMatchObject({
      type: "execution_error",
      code: "run_not_found",
    });
  });

  test("the browser killed in the middle of a command is an error within 2 s, and the next run passes", async () => {
    const { stepIds } = await createCase(server.address, [LONG(), LOGIN()]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    await client.next((message) => message["action"] === "wait");
    const started = performance.now();
    for (const profile of profileFolders(server.pid)) {
      const pid = browserProcess(profile);
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    }
    const complete = await client.next("execution_complete");
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(complete).toMatchObject({ status: "error" });
    expect(complete["error_message"]).toMatch(
      /^Command 2 \(wait\) could not be finished: The browser is gone/,
    );

    const { stepIds: next } = await createCase(server.address, [LOGIN()]);
    client.send({ type: "execute_step", step_id: next[0] });
    expect(
      await client.next(({ type, step_id }) => type === "execution_complete" && step_id === next[0]),
    ).toMatchObject({ status: "passed" });
  });

  test("a secret typed into a field is in no line of the log", async () => {
    const { stepIds } = await createCase(server.address, [LOGIN()]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id } = await client.next("execution_complete");
    const ended = () =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes("run ended"));
    await expect.poll(ended).toContainEqual(expect.stringContaining(String(run_id)));
    expect(server.output()).not.toContain("SuperSecretPassword!");
  });
});

describe("a server that ends", () => {
  beforeEach(async () => {
    await setUp();
    await connect();
  });
  afterEach(tearDown);

  test("SIGTERM saves runs as errors, closes sockets with 1001, and exits 0 within 5 s, leaving nothing", async () => {
    const runId = await startLongRun();
    const profiles = profileFolders(server.pid);
    const ended = server.end("SIGTERM");
    expect(await client.next("execution_complete")).toMatchObject({
      status: "error",
      error_message: "Server stopping",
    });
    expect(await client.untilClosed()).toEqual({ code: 1001, reason: "Server stopping" });
    const { code, ms } = await ended;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
    expect(profileFolders(server.pid)).toEqual([]);
    for (const profile of profiles) expect(processesWith(profile)).toEqual([]);

    await start();
    expect(await runOf(runId)).toMatchObject({ status: "error", error_message: "Step 1: Server stopping" });
  });

  test("after kill -9 nothing that was sent is missing, the run is an error, and no browser is left", async () => {
    const runId = await startLongRun();
    const profiles = profileFolders(server.pid);
    expect(profiles.length).toBeGreaterThan(0);
    await server.end("SIGKILL");
    await client.untilClosed();
    const heard = client.received;

    await start();
    expect(await runOf(runId)).toMatchObject({ status: "error", error_message: "Server restarted" });
    const response = await fetch(`http://${server.address}/api/runs/${runId}/events`);
    const events = (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Message);
    expect(events.slice(0, heard.length)).toEqual(
      heard.map((message) => (message.type === "screenshot" ? { ...message, image: "" } : message)),
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.at(-1)).toMatchObject({
      type: "execution_complete",
      status: "error",
      error_message: "Server restarted",
    });
    for (const profile of profiles) expect(processesWith(profile)).toEqual([]);
  });
});

describe("a server that drains", () => {
  beforeEach(async () => {
    await setUp({ DRAIN_TIMEOUT: "600" });
    await connect();
  });
  afterEach(tearDown);

  test("SIGTERM lets the run end with its own verdict, then the client goes and the process exits 0", async () => {
    const { stepIds } = await createCase(server.address, [[open("/text"), { action: "wait", duration: 1 }]]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id } = await client.next("execution_started");
    client.send({ type: "pause", run_id });
    await client.next("paused");
    const ended = server.end("SIGTERM");
    await expect.poll(async () => (await fetch(`http://${server.address}/readyz`)).status).toBe(503);
    client.send({ type: "resume", run_id });
    expect(await client.next("execution_complete")).toMatchObject({ status: "passed" });
    expect(await client.untilClosed()).toMatchObject({ code: 4433 });
    expect((await ended).code).toBe(0);
  });

  test("a second signal ends the run that is left", async () => {
    await startLongRun();
    const ended = server.end("SIGTERM");
    await expect.poll(async () => (await fetch(`http://${server.address}/readyz`)).status).toBe(503);
    process.kill(server.pid, "SIGTERM");
    expect(await client.next("execution_complete")).toMatchObject({
      status: "error",
      error_message: "Server stopping",
    });
    expect((await ended).code).toBe(0);
  });
});

test.for(["cdp", "classic"])(
  "a server is stopped while its browser does not come up, and leaves nothing, over %s",
  async (protocol, { onTestFinished }) => {
    onTestFinished(tearDown);
    folder = await scratchFolder();
    const hanging = join(folder.path, "chromium");
    const { binary } = await findChromium();
    const hangs = `exec ${process.execPath} -e "setInterval(() => {}, 60_000)" -- "$@" </dev/null`;
    await writeShellProgram(hanging, `[ "$1" = --version ] && exec ${binary} --version\n${hangs}`);
    await start({ BROWSER_BINARY: hanging, BROWSER_PROTOCOL: protocol });
    await connect();
    const starting = () => profileFolders(server.pid).find((profile) => browserProcess(profile));
    const profile = await vi.waitUntil(starting, { timeout: 10_000 });
    const { code } = await server.end("SIGTERM");
    expect(code, server.output()).toBe(0);
    expect(processesWith(profile)).toEqual([]);
    expect(profileFolders(server.pid)).toEqual([]);
  },
);

test.for(["auto", "classic"])(
  "when the browser is gone after the start, a run is an error that names its variable, over %s",
  async (protocol, { onTestFinished }) => {
    const programs = await scratchFolder();
    onTestFinished(async () => {
      await tearDown();
      await programs.remove();
    });
    const gone = join(programs.path, "chromium");
    const { binary } = await findChromium();
    // It is there when the server looks, once, and then no more.
    await writeShellProgram(gone, `rm "$0"; exec ${binary} --version`);
    await setUp({ BROWSER_BINARY: gone, BROWSER_PROTOCOL: protocol });
    await connect();
    const { stepIds } = await createCase(server.address, [LOGIN()]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const complete = await client.next("execution_complete");
    expect(complete).toMatchObject({ status: "error" });
    expect(complete["error_message"]).toMatch(/BROWSER_BINARY/);
    const ready = await fetch(`http://${server.address}/readyz`);
    expect(ready.status).toBe(503);
  },
);
