import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { NewTestCase, StoredTestCase } from "../../../src/cases/ports.js";
import type { CaseKeeper, GeneratedCase, Generator } from "../../../src/generation/ports.js";
import type { GenerationStage } from "../../../src/generation/generated-case.js";
import { GenerationService } from "../../../src/generation/service.js";
import { AppError } from "../../../src/protocol/errors.js";
import { MAX_DESCRIPTION_LENGTH } from "../../../src/protocol/limits.js";
import type { GeneratorName } from "../../../src/protocol/messages.js";

const CASE: GeneratedCase = {
  steps: [
    {
      description: "Open the shop",
      expectedResult: "It is open",
      commands: [{ action: "navigate", url: "https://shop.test" }],
    },
    { description: "Wait", expectedResult: "It waited", commands: [{ action: "wait", duration: 1 }] },
  ],
  warnings: ["Not understood: “Dance”."],
};

interface Setup {
  name?: GeneratorName;
  generateCase?: Generator["generateCase"];
  save?: () => Promise<void>;
}

function setUp({ name = "plain-english", generateCase, save }: Setup = {}): {
  service: GenerationService;
  saved: NewTestCase[];
  stages: GenerationStage[];
  logged: Record<string, unknown>[];
  request: { signal: AbortSignal; onProgress: (stage: GenerationStage) => void };
} {
  const saved: NewTestCase[] = [];
  const stages: GenerationStage[] = [];
  const logged: Record<string, unknown>[] = [];
  const generator: Generator = {
    name,
    generateCase: generateCase ?? (() => Promise.resolve(CASE)),
    generateStep: () => Promise.resolve({ commands: CASE.steps[0]?.commands ?? [], warnings: ["half"] }),
  };
  const cases: CaseKeeper = {
    createAll: async (testCases) => {
      saved.push(...testCases);
      await save?.();
      return testCases.map(({ name, warnings = [], steps }, index) => {
        const stored = { id: 7 + index, name, warnings, stepsCount: steps.length };
        return stored as StoredTestCase;
      });
    },
    findMadeBy: () => Promise.resolve(undefined),
  };
  // pino writes one JSON object a line.
  const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
  const log = pino({}, { write });
  const now = (): Date => new Date("2026-01-13T23:59:58.999+13:00");
  const request = {
    signal: new AbortController().signal,
    onProgress: (stage: GenerationStage) => void stages.push(stage),
  };
  return { service: new GenerationService({ generator, cases, now, log }), saved, stages, logged, request };
}

describe("generating a test case", () => {
  it("saves the case with all its steps and their Python", async () => {
    const { service, saved, request } = setUp();
    const result = await service.generateTestCase({ ...request, description: "Open the shop" });
    expect(result).toEqual({
      testCaseId: 7,
      testCaseName: "Generated Test Case - 2026-01-13 10:59",
      stepsCount: 2,
      redirectUrl: "/test-case/7",
      generator: "plain-english",
      format: "text",
      warnings: CASE.warnings,
      testCases: [
        {
          testCaseId: 7,
          testCaseName: "Generated Test Case - 2026-01-13 10:59",
          stepsCount: 2,
          redirectUrl: "/test-case/7",
        },
      ],
    });
    expect(saved).toHaveLength(1);
    expect(saved[0]).toMatchObject({
      name: "Generated Test Case - 2026-01-13 10:59",
      description: "Open the shop",
      generator: "plain-english",
      steps: [
        {
          description: "Open the shop",
          expectedResult: "It is open",
          seleniumScriptJson: '[{"action":"navigate","url":"https://shop.test"}]',
          seleniumScript: expect.stringContaining('driver.get("https://shop.test")') as string,
        },
        {
          description: "Wait",
          expectedResult: "It waited",
          seleniumScriptJson: '[{"action":"wait","duration":1}]',
          seleniumScript: expect.stringContaining("time.sleep(1)") as string,
        },
      ],
    });
  });

  it.each([
    ["openai", "Generating test steps with AI..."],
    ["plain-english", "Generating test steps from plain English..."],
  ] as const)("reports the four stages in order with %s", async (name, generating) => {
    const { service, stages, request } = setUp({ name });
    await service.generateTestCase({ ...request, description: "Open the shop" });
    expect(stages).toEqual([
      { step: 1, total: 4, message: "Creating test case...", progress: 10, generator: name },
      { step: 2, total: 4, message: generating, progress: 30, generator: name },
      { step: 3, total: 4, message: "Saving test steps...", progress: 70, generator: name },
      { step: 4, total: 4, message: "Test case complete", progress: 100, generator: name },
    ]);
  });

  it("logs the generator, the steps and the duration", async () => {
    const { service, logged, request } = setUp();
    await service.generateTestCase({ ...request, description: "Open the shop" });
    expect(logged).toEqual([
      expect.objectContaining({
        msg: "test case generated",
        generator: "plain-english",
        testCaseId: 7,
        steps: 2,
        durationMs: expect.any(Number) as number,
      }),
    ]);
  });

  it("passes a failed transaction on and reports no completion", async () => {
    const fault = new Error("disk full");
    const { service, stages, request } = setUp({ save: () => Promise.reject(fault) });
    await expect(service.generateTestCase({ ...request, description: "Open" })).rejects.toBe(fault);
    expect(stages.map(({ progress }) => progress)).toEqual([10, 30, 70]);
  });

  it("saves nothing when the generator fails", async () => {
    const fault = new AppError("ai_timeout", "too slow");
    const { service, saved, stages, request } = setUp({ generateCase: () => Promise.reject(fault) });
    await expect(service.generateTestCase({ ...request, description: "Open" })).rejects.toBe(fault);
    expect(saved).toEqual([]);
    expect(stages.map(({ progress }) => progress)).toEqual([10, 30]);
  });

  it("saves nothing when the caller has gone meanwhile", async () => {
    const caller = new AbortController();
    const { service, saved, request } = setUp({
      generateCase: () => {
        caller.abort(new Error("gone"));
        return Promise.resolve(CASE);
      },
    });
    const generating = service.generateTestCase({ ...request, signal: caller.signal, description: "Open" });
    await expect(generating).rejects.toThrow("gone");
    expect(saved).toEqual([]);
  });

  it.each([
    ["empty", ""],
    ["blank", " \n\t "],
    ["too long", "x".repeat(MAX_DESCRIPTION_LENGTH + 1)],
  ])("refuses a description that is %s", async (_, description) => {
    const { service, stages, request } = setUp();
    await expect(service.generateTestCase({ ...request, description })).rejects.toMatchObject({
      name: "AppError",
      code: "invalid_description",
    });
    expect(stages).toEqual([]);
  });
});

describe("generating the script of a step", () => {
  it("answers with the commands, their Python and the warnings", async () => {
    const { service, saved, request } = setUp({ name: "openai" });
    const step = { description: "Open the shop", expectedResult: "It is open" };
    await expect(service.generateStepScript({ ...request, ...step })).resolves.toEqual({
      commands: CASE.steps[0]?.commands,
      seleniumScript: expect.stringContaining("driver.get") as string,
      generator: "openai",
      warnings: ["half"],
    });
    expect(saved).toEqual([]);
  });

  it("refuses an empty description", async () => {
    const { service, request } = setUp();
    await expect(
      service.generateStepScript({ ...request, description: " ", expectedResult: "Welcome is shown" }),
    ).rejects.toMatchObject({ code: "invalid_description" });
  });
});
