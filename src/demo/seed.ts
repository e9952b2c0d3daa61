import type { CaseService } from "../cases/service.js";
import { scriptTextOf } from "../protocol/script-text.js";
import { DEMO_SITE_URL, demoCase } from "./demo-case.js";

/**
 * Puts the demo test case into a database that has no test case yet, so that a new server has something to run.
 *
 * @returns whether it did
 */
export async function seedDemoCase(cases: CaseService): Promise<boolean> {
  const { items } = await cases.list({ limit: 1 });
  if (items.length > 0) return false;
  const { steps, ...fields } = demoCase(DEMO_SITE_URL);
  await cases.create({
    ...fields,
    steps: steps.map((step) => ({
      stepNumber: step.step_number,
      description: step.description,
      expectedResult: step.expected_result,
      seleniumScriptJson: scriptTextOf(step.selenium_script_json),
    })),
  });
  return true;
}
