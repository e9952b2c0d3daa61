import { afterAll, beforeAll, expect, test } from "vitest";
import { StepwireRest } from "../../../src/client/index.js";
import { startSite, type Site } from "../../site/server.js";
import { TestClient } from "../../support/client.js";
import { realPool } from "../../support/real-browser.js";
import { stepwire } from "../../support/logins.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

let site: Site;
let tiny: TinySite;
let testApp: TestApp;

beforeAll(async () => {
  site = await startSite();
  tiny = await startTinySite({
    "/": () => `<h1>Welcome</h1><a href="/join">Sign up</a>`,
    "/join": () =>
      `<form onsubmit="event.preventDefault(); document.body.innerHTML = '<h1>Hello, ' + mail.value + '</h1>'">
       <label>E-mail <input id=mail></label><label>Password <input type=password></label>
       <button>Create account</button></form>`,
  });
  const values = { USER: "tomsmith", E_MAIL: "tom@mail.example", SECRET_PASSWORD: "SuperSecretPassword!" };
  const environment = { COMMAND_TIMEOUT: "2", SCRIPT_ENV: "USER,E_MAIL", ...values };
  testApp = await startApp(environment, { pool: realPool({ size: 1 }).pool });
});
afterAll(async () => {
  await testApp.close();
  await tiny.close();
  await site.close();
});

interface Evidence {
  text: string;
  outcome: string;
  message: string | null;
  offered_checks?: { action: string; expected_url?: string; locator_name?: string }[];
}

interface Made {
  test_case_id: number;
  run_id: string;
  warnings: string[];
}

interface Case {
  id: number;
  steps: {
    id: number;
    selenium_script_json: string;
    checks: number;
    not_understood: object[];
    verification: { sentences: Evidence[] };
  }[];
}

const post = async <T>(path: string, body: object): Promise<T> => {
  const response = await fetch(`http://${testApp.address}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
};

/** Generates a case on the page; its last step is that of the goal. */
async function reach(description: string, startUrl: string) {
  const made = await post<Made>("/api/test-cases/generate", { description, start_url: startUrl });
  const testCase = await testApp.get<Case>(`/api/test-cases/${made.test_case_id}`);
  const step = testCase.steps.at(-1);
  if (step === undefined) throw new Error("The case has no step");
  const [evidence] = step.verification.sentences;
  const script = JSON.parse(step.selenium_script_json) as { action: string; text?: string }[];
  return { ...made, testCase, step, evidence, script };
}

/** The step of the first test, which offers checks. */
let offering: { caseId: number; stepId: number } | undefined;

test("a login is done with variables, and what is seen then is offered as a check and nothing else", async () => {
  const {
    testCase,
    step,
    evidence,
    script,
    run_id: runId,
  } = await reach("Test login functionality", `${site.url}/login`);

  expect(script.map(({ action }) => action)).toEqual(["input", "input", "click", "not_understood"]);
  expect(script.map(({ text }) => text).slice(0, 2)).toEqual(["${env.USER}", "${secret.PASSWORD}"]);
  expect(step).toMatchObject({ checks: 0, not_understood: [{ text: "Test login functionality" }] });
  expect(evidence).toMatchObject({ outcome: "not_understood" });
  expect(evidence?.message).toContain("it does not say what is seen when it is reached");
  expect(evidence?.offered_checks).toMatchObject([
    { action: "verify_url", expected_url: "^https?://[^/]+/secure([?#]|$)", match: "regex" },
    { action: "verify_visible", locator_name: "Secure Area" },
    { action: "verify_visible", description: "Seen afterwards, and not written by the author" },
  ]);
  expect(await testApp.get(`/api/runs/${runId}`)).toMatchObject({ kind: "generation", status: "error" });
  offering = { caseId: testCase.id, stepId: step.id };
  for (const path of [`/test-case/${testCase.id}`, `/runs/${runId}`]) {
    const page = await (await fetch(`http://${testApp.address}${path}`)).text();
    expect(page).toContain("a check of it was not written by the author");
    expect(page).not.toContain("SuperSecretPassword!");
  }

  const client = await TestClient.connect(testApp.address);
  client.send({ type: "execute_step", step_id: step.id });
  expect(await client.next("execution_complete")).toMatchObject({ status: "error" });
  client.close();
});

test("an offered check is accepted once, by whom is told, and the step passes with it", async () => {
  if (offering === undefined) throw new Error("the test before has made no step");
  const { caseId, stepId } = offering;
  const { cases } = new StepwireRest({ url: `http://${testApp.address}` });
  const first = await cases.acceptOfferedCheck(stepId, 0);
  const { by } = first.verification?.sentences[0]?.accepted_checks?.[0] ?? {};
  expect(first).toMatchObject({ checks: 1, not_understood: [], verified: false, warnings: [] });
  await expect(cases.acceptOfferedCheck(stepId, 0)).rejects.toMatchObject({ code: "conflict" });
  await expect(cases.acceptOfferedCheck(stepId, 9)).rejects.toMatchObject({ code: "check_not_found" });

  const { code, stdout } = await stepwire(testApp.databaseUrl, [
    ...["accept-check", String(stepId), "1", "--server", `http://${testApp.address}`],
  ]);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("2 checks now") });
  const script = (await cases.get(caseId)).steps.at(-1)?.selenium_script_json ?? "";
  expect((JSON.parse(script) as object[]).slice(-2)).toMatchObject([
    { action: "verify_url", description: `Seen afterwards, and accepted as a check by ${by}` },
    { action: "verify_visible" },
  ]);
  const page = await fetch(`http://${testApp.address}/test-case/${caseId}`);
  expect(await page.text()).toContain(`Check 0 was accepted by ${by}`);

  const client = await TestClient.connect(testApp.address);
  client.send({ type: "execute_step", step_id: stepId });
  expect(await client.next("execution_complete")).toMatchObject({ status: "passed", checks: 2 });
  client.close();
});

test("a step on the way is a goal that is reached, and what comes after it is checked", async () => {
  const { testCase, warnings } = await reach(
    'Log in with valid credentials. The page shows "You logged into a secure area!".',
    `${site.url}/login`,
  );
  expect(warnings).toEqual([]);
  const outcomes = testCase.steps.flatMap(({ verification }) => verification.sentences);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["verified", "verified", "verified"]);
});

test("a form that a control leads to is found, and each of its fields gets a variable", async () => {
  const { evidence, script } = await reach("Test the sign-up form", tiny.url);
  expect(script.map(({ action, text }) => text ?? action)).toEqual([
    "click",
    "${env.E_MAIL}",
    "${secret.PASSWORD}",
    "click",
    "Test the sign-up form",
  ]);
  expect(evidence?.offered_checks).toMatchObject([{ locator_name: "Hello, tom@mail.example" }]);
});

test("a variable without a value is named, and nothing is tried", async () => {
  const { evidence, script, warnings } = await reach("Test the search", `${site.url}/shop`);
  expect(evidence).toMatchObject({ outcome: "not_verified" });
  expect(evidence?.message).toMatch(/^It was not tried: \$\{env\.SEARCH_TERM\} has no value: .*SCRIPT_ENV/);
  expect(script.map(({ action }) => action)).toEqual(["input", "press_key", "not_understood"]);
  expect(warnings.join("\n")).toContain("${env.SEARCH_TERM}");
});

test("an environment gives the base URL and the values, and the case keeps both open", async () => {
  await post("/api/environments", {
    name: "staging",
    base_url: `${site.url}/login`,
    variables: { USER: "nobody" },
  });
  const description = "Open /login. Test login functionality.";
  const made = await post<Made>("/api/test-cases/generate", { description, environment: "staging" });
  const testCase = await testApp.get<Case>(`/api/test-cases/${made.test_case_id}`);
  expect(testCase).toMatchObject({ environment: "staging" });
  const scripts = testCase.steps.map(({ selenium_script_json: script }) => JSON.parse(script) as object);
  expect(scripts[0]).toMatchObject([{ action: "navigate", url: "/login" }]);
  const [evidence] = testCase.steps.at(-1)?.verification.sentences ?? [];
  expect(evidence).toMatchObject({
    outcome: "not_verified",
    message:
      "The login form is still there after it was sent, and the page says “Your username is invalid!”.",
  });
  expect(await testApp.get(`/api/runs/${made.run_id}`)).toMatchObject({ environment: "staging" });

  const nowhere = await post<{ error: { message: string } }>("/api/test-cases/generate", {
    description,
    start_url: "/login",
  });
  expect(nowhere.error.message).toContain("name an 'environment' with a base URL");
});
