import { unzipSync, strFromU8 } from "fflate";
import { execFileSync } from "node:child_process";
import { mkdir, readdir, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { restTest } from "../../support/rest-fixtures.js";

function lines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

const test = restTest()
  .extend("stored", { auto: true }, async ({ server }) => {
    const steps = [{ description: "A" }];
    const { json } = await server.request("POST", "/api/test-cases", { name: "case", steps });
    const stepId = json.steps[0].id as number;
    const testCaseId = json.id as number;
    await server.scratch.database.executionStore.createRun({
      id: "run-1",
      kind: "step",
      testCaseId,
      testStepId: stepId,
      onFailure: "stop",
      requestId: "r",
      createdAt: new Date("2026-01-13T10:30:00.000Z"),
    });
    return { testCaseId, stepId };
  })
  .extend("appendEvents", ({ server }) => async (count: number): Promise<RunEvent[]> => {
    const events = Array.from({ length: count }, (_, index): RunEvent => {
      const seq = index + 1;
      return { type: "queued", position: seq, run_id: "run-1", seq, ts: new Date(seq).toISOString() };
    });
    await server.scratch.database.executionStore.append({ events, steps: [], runs: [] });
    return events;
  })
  .extend("endRun", ({ server }) => async (): Promise<void> => {
    const run = {
      runId: "run-1",
      verdict: "passed",
      errorMessage: null,
      attempts: 2,
      flaky: true,
      finishedAt: new Date("2026-01-13T10:31:00.000Z"),
    } as const;
    await server.scratch.database.executionStore.append({ events: [], steps: [], runs: [run] });
  })
  .extend(
    "saveDownload",
    ({ server, stored }) =>
      async (name: string, content: string | Uint8Array): Promise<string> => {
        const file = join(server.scratch.folder, "download");
        await writeFile(file, content);
        const mediaType = "application/octet-stream";
        const download = {
          runId: "run-1",
          stepId: stored.stepId,
          kind: "download",
          mediaType,
          name,
          file,
        } as const;
        return server.scratch.database.artifactStore.save(download);
      },
  )
  .extend("saveVideo", ({ server, stored }) => async (content: string): Promise<string> => {
    const { artifactStore } = server.scratch.database;
    const file = await artifactStore.create({ runId: "run-1", mediaType: "video/webm" });
    await file.write(Buffer.from(content), 0);
    return await file.keep({ stepId: stored.stepId, kind: "video", name: "video.webm" });
  })
  .extend(
    "saveArtifact",
    ({ server, stored }) =>
      async (kind: "screenshot" | "page_source", bytes: Uint8Array): Promise<string> => {
        const mediaType = kind === "screenshot" ? "image/jpeg" : "text/html";
        return server.scratch.database.artifactStore.save({
          runId: "run-1",
          stepId: stored.stepId,
          kind,
          mediaType,
          bytes,
        });
      },
  );

describe("runs", () => {
  test("tell the browser that was asked for", async ({ server, stored }) => {
    await server.scratch.database.executionStore.createRun({
      ...({ id: "run-2", kind: "step", onFailure: "stop", requestId: null } as const),
      testCaseId: stored.testCaseId,
      testStepId: stored.stepId,
      browser: "firefox",
      browserVersion: "128",
      createdAt: new Date("2026-01-13T10:31:00.000Z"),
    });
    const asked = { browser: "firefox", browser_version: "128" };
    expect((await server.request("GET", "/api/runs/run-2")).json).toMatchObject(asked);
    expect((await server.request("GET", "/api/runs")).json.items).toMatchObject([asked, { browser: null }]);
  });

  test("are read", async ({ server, stored }) => {
    expect((await server.request("GET", "/api/runs/run-1")).json).toEqual({
      id: "run-1",
      kind: "step",
      test_case_id: stored.testCaseId,
      test_step_id: stored.stepId,
      status: "queued",
      on_failure: "stop",
      request_id: "r",
      principal: null,
      environment: null,
      browser: null,
      browser_version: null,
      error_message: null,
      attempts: 1,
      flaky: false,
      created_at: "2026-01-13T10:30:00.000Z",
      started_at: null,
      finished_at: null,
      steps: [],
      artifacts: [],
    });
  });

  test("give all their events, one a line, however many there are", async ({ appendEvents, server }) => {
    const events = await appendEvents(120);

    const answer = await server.request("GET", "/api/runs/run-1/events");

    expect(answer.headers["content-type"]).toBe("application/x-ndjson");
    expect(lines(answer.text)).toEqual(events);
  });

  test("give the events after one", async ({ appendEvents, server }) => {
    const events = await appendEvents(3);

    const answer = await server.request("GET", "/api/runs/run-1/events?after_seq=2");

    expect(lines(answer.text)).toEqual(events.slice(2));
    expect((await server.request("GET", "/api/runs/run-1/events?after_seq=3")).text).toBe("");
  });
});

describe("flaky runs", () => {
  test("are shown as such, and counted", async ({ endRun, server }) => {
    await endRun();

    expect((await server.request("GET", "/api/runs/run-1")).json).toMatchObject({ attempts: 2, flaky: true });
    expect((await server.request("GET", "/api/stats")).json.runs).toMatchObject({
      total: 1,
      flaky: 1,
      pass_rate: 1,
    });
  });
});

describe("the trace of a run", () => {
  test("holds its events, the run, and every artifact, over a real socket", async ({
    server,
    appendEvents,
    saveArtifact,
    saveDownload,
    endRun,
  }) => {
    const address = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const events = await appendEvents(120);
    const picture = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
    const pictureUrl = await saveArtifact("screenshot", picture);
    const sourceUrl = await saveArtifact("page_source", Buffer.from("<p>Grüße</p>".repeat(10_000)));
    const downloadUrl = await saveDownload("Rechnung №1.pdf", "%PDF");
    await endRun();

    const response = await fetch(`${address}/api/runs/run-1/trace`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="run-run-1.zip"');
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const folder = "artifacts/attempt-1/step-1-a";
    const [pictureFile, sourceFile, downloadFile] = [
      `${folder}/screenshot.jpg`,
      `${folder}/page_source.html`,
      `${folder}/download-rechnung-no1.pdf`,
    ];
    expect(Object.keys(files).sort()).toEqual(
      [
        "events.jsonl",
        "index.html",
        "run.json",
        "test-case.json",
        pictureFile,
        sourceFile,
        downloadFile,
      ].sort(),
    );
    const read = (file: string) => strFromU8(files[file] ?? new Uint8Array());
    expect(lines(read("events.jsonl"))).toEqual(events);
    expect(Buffer.compare(files[pictureFile] ?? Buffer.of(), picture)).toBe(0);
    expect(read(sourceFile)).toBe("<p>Grüße</p>".repeat(10_000));
    expect(read(downloadFile)).toBe("%PDF");
    const run = JSON.parse(read("run.json")) as { artifacts: { kind: string }[] };
    expect(run).toMatchObject({ id: "run-1", status: "passed", flaky: true });
    // In the order in which they came, but two may come in the same millisecond.
    expect(run.artifacts.sort((one, other) => one.kind.localeCompare(other.kind))).toMatchObject([
      { kind: "download", url: downloadUrl, file: downloadFile, name: "Rechnung №1.pdf", bytes: 4 },
      { kind: "page_source", url: sourceUrl, file: sourceFile },
      { kind: "screenshot", url: pictureUrl, file: pictureFile, name: null, bytes: 300_000 },
    ]);
  });

  test("names files by step and command, and has a page and the case with its scripts", async ({
    server,
    stored,
    saveArtifact,
    endRun,
  }) => {
    const script = [{ action: "click", locator_type: "id", locator_value: "pay" }];
    const { testCaseId, stepId } = stored;
    const change = { description: "Place the order", selenium_script_json: script };
    await server.request("PATCH", `/api/test-cases/${testCaseId}/steps/${stepId}`, change);
    const picture = Buffer.from([0xff, 0xd8, 0xff]);
    const url = await saveArtifact("screenshot", picture);
    const stamp = (seq: number) => ({ run_id: "run-1", seq, ts: new Date(seq).toISOString() });
    const command = { step_id: stepId, step: 1, total: 1 };
    const click: RunEvent = {
      type: "progress",
      ...command,
      action: "click",
      message: "Click Pay",
      ...stamp(2),
    };
    const shot: RunEvent = { type: "screenshot", step_id: stepId, step: 1, image: "", url, ...stamp(3) };
    const events: RunEvent[] = [{ type: "execution_started", step_id: stepId, ...stamp(1) }, click, shot];
    await server.scratch.database.executionStore.append({ events, steps: [], runs: [] });
    await endRun();

    const response = await server.app.inject({ url: "/api/runs/run-1/trace" });

    const files = unzipSync(new Uint8Array(response.rawPayload));
    const read = (file: string) => strFromU8(files[file] ?? new Uint8Array());
    expect(Object.keys(files)).toContain(
      "artifacts/attempt-1/step-1-place-the-order/01-click-screenshot.jpg",
    );
    expect(JSON.parse(read("scripts/step-1-place-the-order.json"))).toEqual(script);
    expect(JSON.parse(read("test-case.json"))).toMatchObject({ id: testCaseId, name: "case" });
    expect(read("index.html")).toContain("Click Pay");
    expect(read("index.html")).toContain(`src="data:image/jpeg;base64,${picture.toString("base64")}"`);
  });

  test("of a run without events and artifacts is a zip all the same", async ({ endRun, server }) => {
    await endRun();

    const response = await server.app.inject({ url: "/api/runs/run-1/trace" });

    const files = unzipSync(new Uint8Array(response.rawPayload));
    expect(files["events.jsonl"]).toHaveLength(0);
    expect(JSON.parse(strFromU8(files["run.json"] ?? new Uint8Array()))).toMatchObject({ artifacts: [] });
  });

  test("names what was deleted meanwhile", async ({ saveArtifact, endRun, server }) => {
    await saveArtifact("screenshot", Buffer.from("gone"));
    await endRun();
    await rm(join(server.scratch.artifactsDir, "run-1"), { recursive: true });

    const response = await server.app.inject({ url: "/api/runs/run-1/trace" });

    const files = unzipSync(new Uint8Array(response.rawPayload));
    expect(JSON.parse(strFromU8(files["run.json"] ?? new Uint8Array())).artifacts).toMatchObject([
      { kind: "screenshot", file: null },
    ]);
  });

  test("is there only once the run has ended", async ({ server }) => {
    const { status, json } = await server.request("GET", "/api/runs/run-1/trace");
    expect(status).toBe(409);
    expect(json.error).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("under way") as string,
    });
    expect((await server.request("GET", "/api/runs/none/trace")).status).toBe(404);
  });
});

describe("artifacts", () => {
  test("are served as they are, with their media type, over a real socket", async ({
    server,
    saveArtifact,
  }) => {
    const address = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    const url = await saveArtifact("screenshot", bytes);

    const response = await fetch(`${address}${url}`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/jpeg");
    expect(response.headers.get("content-length")).toBe("100000");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-disposition")).toMatch(/^inline; filename="[0-9a-f-]{36}\.jpg"$/);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect((await fetch(`${address}${url}`, { method: "HEAD" })).status).toBe(200);
  });

  test("are read in parts, so that a player can seek in them", async ({ saveVideo, server }) => {
    const url = await saveVideo("0123456789");
    const part = (range: string) =>
      server.app.inject({ method: "GET", url, headers: { range: `bytes=${range}` } });

    const whole = await server.app.inject({ method: "GET", url });
    expect(whole).toMatchObject({ statusCode: 200, body: "0123456789" });
    expect(whole.headers).toMatchObject({ "accept-ranges": "bytes", "content-type": "video/webm" });
    // A video that is opened by itself is a page around it, which has to be allowed to load it.
    expect(whole.headers["content-security-policy"]).toContain("; media-src 'self';");

    for (const [range, body, contentRange] of [
      ["2-4", "234", "bytes 2-4/10"],
      ["7-", "789", "bytes 7-9/10"],
      ["-2", "89", "bytes 8-9/10"],
      ["8-99", "89", "bytes 8-9/10"],
    ] as const) {
      const answer = await part(range);
      expect(answer).toMatchObject({ statusCode: 206, body });
      expect(answer.headers).toMatchObject({
        "content-range": contentRange,
        "content-length": String(body.length),
        "content-type": "video/webm",
      });
    }
    // Nobody has to answer several at a time: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
    expect(await part("0-1,4-5")).toMatchObject({ statusCode: 200, body: "0123456789" });

    const beyond = await part("10-");
    expect(beyond.statusCode).toBe(416);
    expect(beyond.headers["content-range"]).toBe("bytes */10");
    expect(beyond.json()).toMatchObject({ error: { code: "range_not_satisfiable" } });
  });

  test("whose file is gone say so, and are listed all the same", async ({ saveVideo, server }) => {
    const url = await saveVideo("0123456789");
    await rm(join(server.scratch.artifactsDir, "run-1"), { recursive: true });
    const { status, json } = await server.request("GET", url);
    expect(status).toBe(404);
    expect(json.error).toMatchObject({
      code: "artifact_missing",
      message: expect.stringMatching(/\.webm\) is missing from the server's ARTIFACTS_DIR\./) as string,
    });
    const listed = await server.request("GET", "/api/runs/run-1/artifacts");
    expect(listed.json.items).toMatchObject([{ url, kind: "video", bytes: 10 }]);
  });

  test.for(["the file", "the folder of its run"])(
    "are not read where %s is a link",
    async (what, { saveVideo, server, endRun }) => {
      const url = await saveVideo("0123456789");
      const secret = join(server.scratch.folder, "elsewhere");
      const folder = join(server.scratch.artifactsDir, "run-1");
      const [name = ""] = await readdir(folder);
      await mkdir(secret);
      await writeFile(join(secret, name), "a secret");
      await rm(join(folder, name));
      if (what === "the file") await symlink(join(secret, name), join(folder, name));
      else {
        await rmdir(folder);
        await symlink(secret, folder);
      }

      const { status, json, text } = await server.request("GET", url);

      expect([status, json.error.code]).toEqual([404, "artifact_missing"]);
      expect(text).not.toContain("a secret");
      await endRun();
      const zip = await server.app.inject({ url: "/api/runs/run-1/trace" });
      const files = unzipSync(new Uint8Array(zip.rawPayload));
      expect(Object.keys(files).filter((name) => name.startsWith("artifacts"))).toEqual([]);
    },
  );

  test("are not read where a pipe is, which would keep who opens it", async ({ saveVideo, server }) => {
    const url = await saveVideo("0123456789");
    const folder = join(server.scratch.artifactsDir, "run-1");
    const [name = ""] = await readdir(folder);
    await rm(join(folder, name));
    execFileSync("/bin/sh", ["-c", 'mkfifo "$1"', "sh", join(folder, name)]);
    expect((await server.request("GET", url)).status).toBe(404);
  });

  test("that are pages run in a sandbox, so that their scripts never run on this origin", async ({
    saveArtifact,
    server,
  }) => {
    const url = await saveArtifact("page_source", Buffer.from("<script>alert(1)</script>"));

    const answer = await server.request("GET", url);

    expect(answer.text).toBe("<script>alert(1)</script>");
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringMatching(/^sandbox;/) as unknown,
    });
    expect(answer.headers["content-security-policy"]).not.toContain("allow-");
  });

  test("that were downloaded are saved under their own name, and never shown", async ({
    saveDownload,
    server,
  }) => {
    const url = await saveDownload(`it's "Rechnung" №1 (2).html`, "<script>alert(1)</script>");

    const answer = await server.request("GET", url);

    expect(answer.text).toBe("<script>alert(1)</script>");
    expect(answer.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringMatching(/^sandbox;/) as unknown,
    });
    expect(answer.headers["content-disposition"]).toMatch(
      /^attachment; filename="[0-9a-f-]{36}\.bin"; filename\*=UTF-8''it%27s%20%22Rechnung%22%20%E2%84%961%20%282%29\.html$/,
    );
  });

  test("that are records of the page are served as JSON", async ({ server, stored }) => {
    const records = { kind: "console", mediaType: "application/json", bytes: Buffer.from("[]\n") } as const;
    const { artifactStore } = server.scratch.database;
    const url = await artifactStore.save({ ...records, runId: "run-1", stepId: stored.stepId });

    const answer = await server.request("GET", url);

    expect(answer.json).toEqual([]);
    expect(answer.headers["content-security-policy"]).toMatch(/^sandbox;/);
  });

  test("that were deleted answer with why", async ({ saveArtifact, endRun, server }) => {
    const url = await saveArtifact("screenshot", Buffer.from("old"));
    await endRun();
    const signal = new AbortController().signal;
    await server.scratch.database.artifactStore.sweep({
      before: new Date(Date.now() + 1000),
      maxBytes: undefined,
      signal,
    });

    const { status, json } = await server.request("GET", url);

    expect(status).toBe(404);
    expect(json.error).toMatchObject({
      code: "artifact_not_found",
      message: expect.stringMatching(/was deleted.*ARTIFACTS_MAX_AGE.*ARTIFACTS_MAX_SIZE/) as string,
    });
  });
});
