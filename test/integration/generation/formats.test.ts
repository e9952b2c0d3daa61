import { expect } from "vitest";
import { sharedAppTest } from "../../support/app-fixtures.js";

const test = sharedAppTest();

const FEATURE = `Feature: Users
  Scenario Outline: Greet <user>
    Given I am on "https://a.test"
    When I follow "Greet"
    Then I should see "Hello <user>"
    Examples:
      | user |
      | tom  |
      | ann  |
`;

interface Stored {
  name: string;
  description: string;
  requirements: string | null;
  warnings: string[];
  steps: { description: string; expected_result: string }[];
}

test("several cases of one description are told of over the WebSocket, and stored", async ({
  testApp,
  connect,
}) => {
  const client = await connect();
  const request = {
    type: "generate_test_case",
    description: FEATURE,
    idempotency_key: "feature-of-two-users",
  };
  client.send(request);
  const complete = await client.next("generation_complete");
  expect(complete).toMatchObject({
    format: "gherkin",
    test_case_name: "Greet tom",
    steps_count: 2,
    test_cases: [
      { test_case_name: "Greet tom", steps_count: 2 },
      { test_case_name: "Greet ann", steps_count: 2 },
    ],
  });
  const [first, second] = complete["test_cases"] as { test_case_id: number }[];
  expect(complete["test_case_id"]).toBe(first?.test_case_id);
  expect(await testApp.get<Stored>(`/api/test-cases/${second?.test_case_id}`)).toMatchObject({
    name: "Greet ann",
    description: expect.stringContaining("user = ann") as string,
    steps: [{ description: 'I am on "https://a.test"' }, { description: 'Follow "Greet"' }],
  });

  client.send(request);
  expect(await client.next("generation_complete")).toMatchObject({
    test_case_id: first?.test_case_id,
    format: "gherkin",
    test_cases: complete["test_cases"],
  });
});

test("preconditions stand with the case, over REST", async ({ testApp }) => {
  const description =
    "Title: Log out\nPreconditions:\n- Tom is logged in\n- Click nothing\nSteps:\n1. Open https://a.test\n2. Click Log out\n" +
    "Expected: The page shows Bye";
  const response = await fetch(`http://${testApp.address}/api/test-cases/generate`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ description }),
  });
  const made = (await response.json()) as { test_case_id: number };
  expect(made).toMatchObject({
    format: "blocks",
    test_case_name: "Log out",
    test_cases: [{ steps_count: 2 }],
  });
  expect(await testApp.get<Stored>(`/api/test-cases/${made.test_case_id}`)).toMatchObject({
    requirements: "Tom is logged in\nClick nothing",
    description,
    steps: [{}, { description: "Click Log out", expected_result: "The page shows Bye" }],
  });
});

test("broken Gherkin is refused with its line and column, and saves nothing", async ({
  testApp,
  connect,
}) => {
  const count = async (): Promise<number> =>
    (await testApp.get<{ items: object[] }>("/api/test-cases")).items.length;
  const before = await count();
  const client = await connect();
  client.send({
    type: "generate_test_case",
    description: "\nFeature: F\n  Scenario: S\n    Given A\n    oops",
  });
  const error = await client.next("generation_error");
  expect(error).toMatchObject({ code: "invalid_description" });
  expect(error["error"]).toMatch(/Line 5, column 5: “oops” is no step/);
  expect(await count()).toBe(before);
});
