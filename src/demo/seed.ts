import type { TestCaseStore } from "../http/ports.js";
import { DEMO_SITE_URL, demoCase } from "./demo-case.js";

/**
 * Puts the demo test case into a database that has no test case yet, so that a new server has something to run.
 *
 * @returns whether it did
 */
export async function seedDemoCase(testCases: TestCaseStore): Promise<boolean> {
  const [any] = await testCases.listTestCases({ limit: 1, before: undefined });
  if (any !== undefined) return false;
  const { steps, ...fields } = demoCase(DEMO_SITE_URL);
  await testCases.createTestCase({
    ...fields,
    steps: steps.map((step) => ({
      stepNumber: step.step_number,
      description: step.description,
      expectedResult: step.expected_result,
      seleniumScriptJson: JSON.stringify(step.selenium_script_json),
    })),
  });
  return true;
}
