import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { TestClient, type Message } from "../../support/client.js";
import { realPool } from "../../support/real-browser.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

let site: TinySite;
let testApp: TestApp;
let client: TestClient;

beforeAll(async () => {
  site = await startTinySite({
    "/login": () => `<h1>Log in</h1><label>Password <input id=password></label><a href="/login">Here</a>`,
    "/app/help": () => "<h1>Help</h1>",
  });
  const { pool } = realPool({ size: 1 });
  const settings = {
    SCREENSHOTS: "off",
    COMMAND_TIMEOUT: "5",
    ALLOWED_HOSTS: "127.0.0.1",
    SECRET_STAGING_PASSWORD: "correct horse",
    SECRET_OTHER: "battery staple",
  };
  testApp = await startApp(settings, { pool });
  await request("POST", "/api/environments", {
    name: "staging",
    base_url: `${site.url}/app`,
    variables: { GREETING: "Log in" },
    secrets: { PASSWORD: "STAGING_PASSWORD" },
  });
  await request("POST", "/api/environments", { name: "elsewhere", base_url: site.otherUrl });
});
afterAll(async () => {
  await testApp.close();
  await site.close();
});
beforeEach(async () => {
  client = await TestClient.connect(testApp.address);
});
afterEach(() => {
  client.close();
});

async function request(method: string, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`http://${testApp.address}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (await response.json()) as Record<string, unknown>;
}

const open = (url: string) => ({ action: "navigate", url });
const heading = (expected_text: string) => ({
  action: "verify_text",
  locator_type: "tag",
  locator_value: "h1",
  expected_text,
});

/** Runs a script as the one step of a case. @returns its verdict */
async function run(script: object[], options: object = {}): Promise<Message> {
  const { stepIds } = await testApp.createCase([script]);
  client.send({ type: "execute_step", step_id: stepIds[0], ...options });
  const isEnd = ({ type }: Message) => type === "execution_complete" || type === "execution_error";
  return await client.next(
    (message) => isEnd(message) && (message["step_id"] === stepIds[0] || message["step_id"] === null),
  );
}

test("paths and variables are those of the environment that a run asks for", async () => {
  const script = [
    open("/login"),
    heading("${env.GREETING}"),
    { action: "new_window", url: "./help" },
    heading("Help"),
    { action: "verify_url", expected_url: `${site.url}/app/help`, match: "equals" },
  ];
  expect(await run(script, { environment: "staging" })).toMatchObject({ status: "passed" });
});

test("variables of the run come before those of its environment, and need none", async () => {
  const script = [open(`${site.url}/login`), heading("${env.HEADING}")];
  const variables = { HEADING: "Log in" };
  expect(await run(script, { variables })).toMatchObject({ status: "passed" });
  await request("PUT", "/api/environments/elsewhere", { variables: { HEADING: "Sign in" } });
  expect(await run(script, { environment: "elsewhere", variables })).toMatchObject({ status: "passed" });
});

test("a case is run in the environment that it names, unless another is asked for", async () => {
  const { caseId } = await testApp.createCase([[open("/login"), heading("Log in")]]);
  await request("PUT", `/api/test-cases/${caseId}`, { environment: "staging" });
  client.send({ type: "execute_all", test_case_id: caseId });
  const done = await client.next("all_steps_complete");
  expect(done).toMatchObject({ status: "passed" });
  expect(await testApp.get(`/api/runs/${String(done["run_id"])}`)).toMatchObject({ environment: "staging" });
});

test("an environment that there is not starts nothing", async () => {
  expect(await run([open("/login")], { environment: "none" })).toMatchObject({
    type: "execution_error",
    code: "environment_not_found",
    error: expect.stringContaining("There is no environment 'none'."),
  });
});

test("a path without an environment is an error with its remedy", async () => {
  expect(await run([open("/login")])).toMatchObject({
    status: "error",
    error_message: expect.stringContaining(
      "the run has no environment with a base URL; name one as 'environment'",
    ),
  });
});

test("the hosts that may be opened are the same for a base URL", async () => {
  expect(await run([open("/login")], { environment: "elsewhere" })).toMatchObject({
    status: "error",
    error_message: expect.stringContaining(
      "the host 'localhost' is not allowed here; add it to ALLOWED_HOSTS",
    ),
  });
});

test("a secret is the one that the environment names, and no other is reached", async () => {
  const field = { locator_type: "id", locator_value: "password" };
  const type = (text: string) => ({ action: "input", ...field, text });
  const check = { action: "verify_value", ...field, expected_value: "${secret.PASSWORD}" };
  const options = { environment: "staging" };
  const typed = await run([open("/login"), type("${secret.PASSWORD}"), check], options);
  expect(typed).toMatchObject({ status: "passed" });
  const refused = await run([open("/login"), type("${secret.OTHER}")], options);
  expect(refused).toMatchObject({
    status: "error",
    error_message: expect.stringContaining("the run's environment names no secret 'OTHER'"),
  });
});
