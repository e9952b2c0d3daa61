import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSite, type Site } from "../../site/server.js";
import { TestClient, type Message } from "../../support/client.js";
import { realPool, type RealPool } from "../../support/real-browser.js";
import { startApp, storedEvents, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

let site: Site;
let tiny: TinySite;
let real: RealPool;
let testApp: TestApp;
let client: TestClient;

const COUNTER = `<h1>Counter</h1>
  <button onclick="count.textContent = Number(count.textContent) + 1">Add one</button> <p id=count>0</p>`;

beforeAll(async () => {
  site = await startSite();
  tiny = await startTinySite({
    "/": () => COUNTER,
    "/strays": () => `<h1>Links</h1><a href="${tiny.otherUrl}/">Elsewhere</a><button>Stay</button>`,
    "/late": () =>
      `<button onclick="setTimeout(() => next.hidden = false, 300)">Begin</button>
       <button id=next hidden onclick="done.textContent = 'All done'">Finish</button><p id=done></p>`,
    "/table": () =>
      `<table>${["Ada", "Bob"]
        .map(
          (name) =>
            `<tr><td>${name}</td><td><button onclick="gone.textContent = '${name}'">Delete</button></td></tr>`,
        )
        .join("")}</table><p id=gone></p>`,
    "/visits": () =>
      `<label>Name <input id=who></label>
       <button onclick="localStorage.n = Number(localStorage.n ?? 0) + 1;
         seen.textContent = 'Hello ' + who.value + ', visit ' + localStorage.n">Greet</button><p id=seen></p>`,
    // Never answered.
    "/slow": () => undefined,
  });
  real = realPool({ size: 1 });
  testApp = await startApp({ COMMAND_TIMEOUT: "2" }, { pool: real.pool });
});
afterAll(async () => {
  await testApp.close();
  await tiny.close();
  await site.close();
});
beforeEach(async () => {
  client = await TestClient.connect(testApp.address);
});
afterEach(() => {
  client.close();
});

interface Sentence {
  text: string;
  outcome: string;
  message: string | null;
  picture: string | null;
  candidates?: string[];
  commands: { action: string }[];
}

const sentences = (events: readonly Message[] = client.received): Sentence[] =>
  events.flatMap((event) => (event["sentence"] === undefined ? [] : [event["sentence"] as Sentence]));

const tried = (text: string) => (event: Message) =>
  (event["sentence"] as Sentence | undefined)?.text.includes(text) === true;

function generate(description: string, startUrl: string, options: object = {}): void {
  client.send({
    type: "generate_test_case",
    description,
    start_url: startUrl,
    request_id: "generation",
    ...options,
  });
}

interface StoredCase {
  generator: string;
  steps: {
    description: string;
    verified: boolean | null;
    verification: { run_id: string; sentences: Omit<Sentence, "commands">[] } | null;
    warnings: string[];
  }[];
}

const caseOf = (complete: Message) =>
  testApp.get<StoredCase>(`/api/test-cases/${String(complete["test_case_id"])}`);

async function casesCount(): Promise<number> {
  const { items } = await testApp.get<{ items: unknown[] }>("/api/test-cases?limit=200");
  return items.length;
}

const SHOPPING = `Type "rain" into the Search products field. Click the Search button.
Check that the page shows "2 products found". Click the Rain jacket link. The page shows "89 €".
Click the "Add to cart" button. The page shows "Added 1 × Rain jacket (Small)".`;

const VISITS = `Feature: Visits
  Scenario Outline: Visit of <name>
    When I type "<name>" into the Name field
    And I click "Greet"
    Then the page shows "Hello <name>, visit 1"
    Examples:
      | name |
      | Ada  |
      | Bob  |`;

describe("a description of several cases with a start_url", () => {
  test("is one run, in which each case has a fresh session, and is saved whole", async () => {
    generate(VISITS, `${tiny.url}/visits`);
    const complete = await client.next("generation_complete");

    expect(complete).toMatchObject({
      format: "gherkin",
      test_cases: [{ verified: true }, { verified: true }],
    });
    const cases = complete["test_cases"] as { test_case_id: number; test_case_name: string }[];
    expect(cases.map(({ test_case_name: name }) => name)).toEqual([
      expect.stringContaining("Ada"),
      expect.stringContaining("Bob"),
    ]);
    for (const { test_case_id: id } of cases) {
      const { steps } = await testApp.get<StoredCase>(`/api/test-cases/${id}`);
      expect(steps.map(({ verified }) => verified)).not.toContain(false);
    }
    const told = client.received.filter(({ type }) => type === "generation_progress");
    const begun = told.filter(
      ({ sentence, test_case_number: number }) => sentence === undefined && number !== undefined,
    );
    expect(begun).toMatchObject([
      { test_case_number: 1, test_case_count: 2, message: expect.stringContaining("Case 1 of 2") },
      { test_case_number: 2, test_case_count: 2, message: expect.stringContaining("Case 2 of 2") },
    ]);
    const sentenceCases = told.filter(({ sentence }) => sentence !== undefined);
    expect(new Set(sentenceCases.map(({ test_case_number: number }) => number))).toEqual(new Set([1, 2]));
    const numbers = told.map((event) => Number(event["progress"]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test("saves nothing when it is cancelled in the second case", async () => {
    const before = await casesCount();
    generate(VISITS, `${tiny.url}/visits`);
    const second = await client.next(({ test_case_number: number }) => number === 2);
    client.send({ type: "cancel", run_id: second["run_id"] });
    expect(await client.next("generation_error")).toMatchObject({ code: "generation_stopped" });
    expect(await casesCount()).toBe(before);
  });
});

describe("a description with a start_url", () => {
  test("is tried on the page, sentence by sentence, and saved with its marks", async () => {
    generate(SHOPPING, `${site.url}/shop`);
    const complete = await client.next("generation_complete");

    expect(sentences().map(({ outcome, text }) => `${outcome} ${text}`)).not.toContainEqual(
      expect.stringMatching(/^not/),
    );
    expect(sentences()).toHaveLength(8);
    const progress = client.received.filter(({ type }) => type === "generation_progress");
    const numbers = progress.map((event) => Number(event["progress"]));
    expect(numbers.filter((per) => [10, 30, 70, 100].includes(per))).toEqual([10, 30, 70, 100]);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(complete).toMatchObject({ success: true, request_id: "generation", generator: "plain-english" });

    const picture = progress.find(tried("Rain jacket"));
    expect(picture?.["image"]).toMatch(/^\/9j\//);
    const response = await fetch(`http://${testApp.address}${String(picture?.["url"])}`);
    expect(response.headers.get("content-type")).toBe("image/jpeg");

    const stored = await caseOf(complete);
    expect(stored.steps.map(({ verified }) => verified)).not.toContain(false);
    expect(stored.steps[0]).toMatchObject({ description: `Open ${site.url}/shop`, verified: true });
    expect(complete["steps"]).toEqual(
      stored.steps.map((_step, index) => ({ step_number: index + 1, verified: true })),
    );
    const run = await testApp.get(`/api/runs/${String(complete["run_id"])}`);
    expect(run).toMatchObject({
      kind: "generation",
      status: "passed",
      test_case_id: complete["test_case_id"],
    });
  });

  test("keeps what is not understood, and what does not pass, among what is verified", async () => {
    const description = `Click the "Add one" button. Frobnicate the counter.
      Check that the page shows "7 points". Click the "Add one" button. The page shows "2".`;
    generate(description, tiny.url);
    const complete = await client.next("generation_complete");

    expect(sentences().map(({ outcome }) => outcome)).toEqual([
      "verified",
      "verified",
      "not_understood",
      "not_verified",
      "verified",
      "verified",
    ]);
    const [unknown] = sentences().filter(({ outcome }) => outcome === "not_understood");
    expect(unknown).toMatchObject({ commands: [{ action: "not_understood" }] });
    const [failed] = sentences().filter(({ outcome }) => outcome === "not_verified");
    expect(failed?.message).toContain("7 points");
    expect(failed?.picture).toMatch(/^\/api\/artifacts\//);
    const warnings = complete["warnings"] as string[];
    expect(warnings.join("\n")).toMatch(/Not understood: “Frobnicate the counter”[^]*Not verified: “/);

    const { steps } = await caseOf(complete);
    const verified = steps.map((step) => step.verified);
    expect(verified).toContain(true);
    expect(verified).toContain(false);
    expect(steps.flatMap((step) => step.verification?.sentences ?? [])).toHaveLength(6);
    const run = await testApp.get(`/api/runs/${String(complete["run_id"])}`);
    expect(run).toMatchObject({ status: "error" });
    const page = await (
      await fetch(`http://${testApp.address}/test-case/${String(complete["test_case_id"])}`)
    ).text();
    expect(page).toContain("not verified");
    expect(page).toContain("7 points");
    const runPage = await (
      await fetch(`http://${testApp.address}/runs/${String(complete["run_id"])}`)
    ).text();
    expect(runPage).toContain("Frobnicate the counter");
  });

  test("lists the elements that fit where there are several, and chooses none", async () => {
    generate('Click the Delete button. Click the Delete button in the row of "Bob".', `${tiny.url}/table`);
    const complete = await client.next("generation_complete");
    const [, several, one] = sentences();
    expect(several).toMatchObject({ outcome: "not_understood", commands: [{ action: "not_understood" }] });
    expect(several?.candidates).toHaveLength(2);
    expect(one).toMatchObject({ outcome: "verified", commands: [{ action: "click" }] });
    const { steps } = await caseOf(complete);
    const kept = steps.flatMap((step) => step.verification?.sentences ?? []);
    expect(kept[1]).toMatchObject({ candidates: several?.candidates });
    const page = await fetch(`http://${testApp.address}/runs/${String(complete["run_id"])}`);
    expect(await page.text()).toContain("Ada");
  });

  test("does nothing where the page does not show what a sentence names", async () => {
    generate("Click the Add two button. Click the Add one button.", tiny.url);
    await client.next("generation_complete");
    expect(sentences().map(({ outcome }) => outcome)).toEqual(["verified", "not_verified", "verified"]);
    expect(sentences()[1]?.message).toContain("nothing that is called");
  });

  test("finds on each page what the sentence before has brought", async () => {
    generate('Click Begin. Click Finish. The page shows "All done".', `${tiny.url}/late`);
    const complete = await client.next("generation_complete");
    expect(complete["warnings"]).toEqual([]);
    expect(sentences().map(({ outcome }) => outcome)).toEqual(Array(4).fill("verified"));
  });

  test("does nothing on a page of a host that nobody has named", async () => {
    generate("Click the Elsewhere link. Click the Add one button.", `${tiny.url}/strays`);
    const complete = await client.next("generation_complete");
    const last = sentences().at(-1);
    expect(last).toMatchObject({ outcome: "not_verified" });
    expect(last?.message).toContain("the page went to 'localhost', which neither the description nor");
    expect((await caseOf(complete)).steps.map(({ verified }) => verified)).toContain(false);
  });

  test("is refused where the URL holds a secret, or names a host that hands out credentials", async () => {
    const before = await casesCount();
    generate("Click Save.", "http://127.0.0.1/?key=${secret.KEY}");
    const secret = await client.next("generation_error");
    expect(secret).toMatchObject({ code: "invalid_message", success: false });
    expect(secret["error"]).toContain("must hold no secret");
    expect(secret).not.toHaveProperty("run_id");
    generate("Click Save.", "http://169.254.169.254/latest", { request_id: "metadata" });
    const metadata = await client.next(
      ({ type, request_id: id }) => type === "generation_error" && id === "metadata",
    );
    expect(metadata).toMatchObject({ code: "forbidden_url" });
    expect(await casesCount()).toBe(before);
  });

  test("that is cancelled in the middle frees the browser and saves nothing", async () => {
    const before = await casesCount();
    generate(`Click Add one. Open ${tiny.url}/slow. Click Add one.`, tiny.url);
    const { run_id: runId } = await client.next(tried("Add one"));
    client.send({ type: "cancel", run_id: runId });
    expect(await client.next("generation_error")).toMatchObject({
      run_id: runId,
      code: "generation_stopped",
      error: "Failed to generate test case: Cancelled",
    });
    expect(await casesCount()).toBe(before);
    expect(await testApp.get(`/api/runs/${String(runId)}`)).toMatchObject({
      status: "error",
      test_case_id: null,
      error_message: "Failed to generate test case: Cancelled",
    });
    const page = await fetch(`http://${testApp.address}/runs/${String(runId)}`);
    expect(await page.text()).toContain("No test case was saved");
    // The pool has one session only.
    generate("Click Add one.", tiny.url, { request_id: "next" });
    expect(await client.next("generation_complete")).toMatchObject({ request_id: "next" });
  });

  test("that is paused goes on where it was held", async () => {
    // Enough of them that some are left when the pause comes, however slow the machine is.
    generate("Click Add one. ".repeat(10), tiny.url);
    const { run_id: runId } = await client.next(tried("Open"));
    client.send({ type: "pause", run_id: runId });
    const paused = await client.next("paused");
    expect(paused).toMatchObject({ run_id: runId, step_id: null });
    expect(client.received.some(({ type }) => type === "generation_complete")).toBe(false);
    client.send({ type: "resume", run_id: runId });
    await client.next("resumed");
    expect(await client.next("generation_complete")).toMatchObject({ warnings: [] });
  });

  test("saves nothing when the run's time is over", async () => {
    generate(`Click Add one. Open ${tiny.url}/slow.`, tiny.url, { run_timeout: 1.5 });
    const { error } = await client.next("generation_error");
    expect(error).toBe("Failed to generate test case: The run took longer than its deadline of 1.5 s.");
  });

  test("keeps the rest of a step as not verified when the step's time is over", async () => {
    generate('Click Add one and check that the page shows "9". Click Add one.', tiny.url, {
      step_timeout: 1,
    });
    await client.next("generation_complete");
    const messages = sentences().map(({ message }) => message);
    expect(messages).toContain("It was not tried: The step took longer than its deadline of 1 s.");
  });

  test("goes on without its client, which gets every event when it comes back", async () => {
    generate("Click Add one. Click Add one. Click Add one.", tiny.url);
    const { run_id: runId, seq } = await client.next(tried("Open"));
    client.close();
    const again = await TestClient.connect(testApp.address);
    again.send({ type: "subscribe", run_id: runId, after_seq: seq });
    await again.next("subscription_complete");
    again.close();
    const stored = await storedEvents<Message>(testApp.address, String(runId));
    expect(stored.map((event) => event["seq"])).toEqual(stored.map((_event, index) => index + 1));
    expect(stored.at(-1)).toMatchObject({ type: "generation_complete" });
    const heard = again.received.filter((event) => event["run_id"] === runId && event["seq"] !== undefined);
    expect(heard.map((event) => event["seq"])).toEqual(
      stored.slice(Number(seq)).map((event) => event["seq"]),
    );
  });

  test("with an idempotency key is generated once", async () => {
    const before = await casesCount();
    const key = { idempotency_key: "the-same-key-0001" };
    generate("Click Add one.", tiny.url, { ...key, request_id: "one" });
    const first = await client.next("generation_complete");
    const again = await TestClient.connect(testApp.address);
    again.send({
      type: "generate_test_case",
      description: "Click Add one.",
      start_url: tiny.url,
      ...key,
    });
    expect(await again.next("generation_complete")).toMatchObject({ run_id: first["run_id"] });
    again.close();
    expect(await casesCount()).toBe(before + 1);
  });

  test("comes through REST with the same marks", async () => {
    const response = await post("/api/test-cases/generate", {
      description: "Click Add one.",
      start_url: tiny.url,
    });
    expect(response.status).toBe(201);
    const made = (await response.json()) as Record<string, unknown>;
    expect(made).toMatchObject({
      success: true,
      generator: "plain-english",
      steps: [
        { step_number: 1, verified: true },
        { step_number: 2, verified: true },
      ],
    });
    expect(await testApp.get("/api/runs?kind=generation&limit=1")).toMatchObject({
      items: [{ id: made["run_id"], test_case_id: made["test_case_id"] }],
    });
    const refused = await post("/api/test-cases/generate", {
      description: "Click Add one.",
      start_url: "http://[fe80::1]/",
    });
    expect(refused.status).toBe(400);
  });
});

const post = (path: string, body: object = {}) =>
  fetch(`http://${testApp.address}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

describe("the script of one step", () => {
  /** A case whose step 2 adds one, and whose steps are described in words. */
  async function createCase(descriptions: string[], scripts: (object[] | null)[]): Promise<number[]> {
    const response = await post("/api/test-cases", {
      name: "Counter",
      steps: descriptions.map((description, index) => ({
        description,
        selenium_script_json: scripts[index],
      })),
    });
    const { steps } = (await response.json()) as { steps: { id: number }[] };
    return steps.map(({ id }) => id);
  }

  const OPEN = [{ action: "navigate", url: "" }];
  const ADD = [{ action: "click", locator_type: "text", locator_value: "Add one" }];
  const open = () => OPEN.map((command) => ({ ...command, url: tiny.url }));

  test("is tried after the steps before it were run", async () => {
    const words = ["Open the counter", "Add one", 'Click "Add one". The page shows "2"'];
    const [, , third] = await createCase(words, [open(), ADD, null]);
    client.send({ type: "generate_step_script", step_id: third, request_id: "script" });
    const done = await client.next("step_script_generated");
    expect(done).toMatchObject({ step_id: third, verified: true, warnings: [], request_id: "script" });
    expect(sentences().map(({ outcome }) => outcome)).toEqual(["verified", "verified"]);
    const run = await testApp.get(`/api/runs/${String(done["run_id"])}`);
    expect(run).toMatchObject({ kind: "generation", test_step_id: third, status: "passed" });
  });

  test("changes nothing where a step before it does not pass", async () => {
    const never = [{ action: "verify_text", locator_type: "id", locator_value: "count", expected_text: "5" }];
    const [, , third] = await createCase(["Open", "Check", "Click Add one"], [open(), never, null]);
    client.send({ type: "generate_step_script", step_id: third });
    const { error } = await client.next("generation_error");
    expect(error).toMatch(/^Failed to generate the script: Step 2, which comes before, did not pass: /);
  });

  test("is tried on the page of its start_url, through REST too", async () => {
    const [only] = await createCase(["Click Add one"], [null]);
    const response = await post(`/api/test-steps/${only}/generate-selenium`, { start_url: tiny.url });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: only, verified: true, generator: "plain-english" });
  });

  test("is written without a page where nothing opens one, and keeps no marks then", async () => {
    const [only] = await createCase(["Click Add one"], [null]);
    client.send({ type: "generate_step_script", step_id: only });
    expect(await client.next("step_script_generated")).toMatchObject({ verified: null });
  });

  test("loses its marks when a person changes it", async () => {
    const [only] = await createCase(["Click Add one"], [null]);
    await post(`/api/test-steps/${only}/generate-selenium`, { start_url: tiny.url });
    const response = await fetch(`http://${testApp.address}/api/test-steps/${only}/update-selenium`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ selenium_script_json: ADD }),
    });
    expect(await response.json()).toMatchObject({ verified: null, verification: null });
  });
});
