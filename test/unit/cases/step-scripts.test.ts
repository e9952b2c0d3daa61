import { beforeEach, describe, expect, test } from "vitest";
import type {
  GeneratedScript,
  StoredTestCase,
  StoredTestStep,
  TestCaseStore,
} from "../../../src/cases/ports.js";
import { CaseService } from "../../../src/cases/service.js";
import { StepScripts } from "../../../src/cases/step-scripts.js";
import { AppError } from "../../../src/protocol/errors.js";
import { silentLog } from "../../support/silent-log.js";

const SCRIPT: GeneratedScript = {
  commands: [{ action: "wait", duration: 1 }],
  seleniumScript: "time.sleep(1)",
  generator: "plain-english",
  warnings: [],
};

let steps: StoredTestStep[];
/** The descriptions for which a script was asked. */
let asked: string[];
let admitted: number[];

beforeEach(() => {
  steps = ["A", "B", "C"].map((description, index) => storedStep(index + 1, description));
  asked = [];
  admitted = [];
});

function storedStep(stepNumber: number, description: string): StoredTestStep {
  const nothing = { actualResult: null, transactionCode: null, executionTimeMs: null };
  const never = { lastExecutedAt: null, errorMessage: null };
  return {
    ...nothing,
    ...never,
    id: stepNumber * 10,
    testCaseId: 1,
    stepNumber,
    description,
    expectedResult: "",
    status: "not_started",
    warnings: [],
    verification: null,
    executionStatus: "not_run",
    seleniumScript: "old",
    seleniumScriptJson: null,
  };
}

/** A store of one test case, of which only these methods are called. */
const store = {
  findTestCase: (id: number) =>
    Promise.resolve(id === 1 ? ({ id, steps: [...steps] } as StoredTestCase) : undefined),
  findStep: (id: number) => Promise.resolve(steps.find((step) => step.id === id)),
  updateStep: ({ stepId }: { stepId: number }, changes: object) => {
    steps = steps.map((step) => (step.id === stepId ? { ...step, ...changes } : step));
    return Promise.resolve(steps.find((step) => step.id === stepId));
  },
} as unknown as TestCaseStore;

function scripts(answer: (description: string) => GeneratedScript): StepScripts {
  const generateStepScript = async ({ description }: { description: string }) => {
    asked.push(description);
    return answer(description);
  };
  return new StepScripts({ cases: new CaseService(store), generator: { generateStepScript } });
}

const options = {
  admit: async (count: number) => void admitted.push(count),
  signal: new AbortController().signal,
  log: silentLog,
};

describe("the script of one step", () => {
  test("replaces the one it has", async () => {
    const written = await scripts(() => ({ ...SCRIPT, warnings: ["half"] })).write(20, options);

    const { commands, generator } = SCRIPT;
    expect(written).toEqual({ step: steps[1], commands, generator, warnings: ["half"] });
    expect(steps.map(({ seleniumScript }) => seleniumScript)).toEqual(["old", "time.sleep(1)", "old"]);
    expect(steps[1]?.seleniumScriptJson).toBe('[{"action":"wait","duration":1}]');
    expect(admitted).toEqual([1]);
  });

  test("is not asked for when there is no such step, which counts as no generation", async () => {
    await expect(scripts(() => SCRIPT).write(99, options)).rejects.toMatchObject({ code: "step_not_found" });
    expect([asked, admitted]).toEqual([[], []]);
  });
});

describe("the scripts of all steps", () => {
  test("are written in order, and a step that is not understood keeps its own", async () => {
    const written = await scripts((description) => {
      if (description === "B") throw new AppError("invalid_description", "No sentence.");
      return { ...SCRIPT, warnings: [`partly: ${description}`] };
    }).writeAll(1, options);

    expect(written).toMatchObject({
      generated: 2,
      warnings: ["Step 1: partly: A", "Step 3: partly: C"],
      errors: [{ stepId: 20, stepNumber: 2, code: "invalid_description", message: "No sentence." }],
    });
    const stored = written.testCase.steps.map(({ seleniumScript }) => seleniumScript);
    expect(stored).toEqual(["time.sleep(1)", "old", "time.sleep(1)"]);
    expect(asked).toEqual(["A", "B", "C"]);
    expect(admitted).toEqual([3]);
  });

  test("are given up at an error that the next step would meet as well", async () => {
    const gone = () => {
      throw new AppError("ai_unavailable", "Gone.");
    };

    await expect(scripts(gone).writeAll(1, options)).rejects.toMatchObject({ code: "ai_unavailable" });
    expect(asked).toEqual(["A"]);
  });

  test("are refused before the first when they are too many", async () => {
    const admit = () => Promise.reject(new AppError("rate_limited", "Too many."));

    await expect(scripts(() => SCRIPT).writeAll(1, { ...options, admit })).rejects.toMatchObject({
      code: "rate_limited",
    });
    expect(asked).toEqual([]);
  });

  test("are refused for a case without steps, and for none", async () => {
    await expect(scripts(() => SCRIPT).writeAll(2, options)).rejects.toMatchObject({
      code: "test_case_not_found",
    });
    steps = [];
    await expect(scripts(() => SCRIPT).writeAll(1, options)).rejects.toMatchObject({ code: "no_steps" });
    expect(admitted).toEqual([]);
  });
});
