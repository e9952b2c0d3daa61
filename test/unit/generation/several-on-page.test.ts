import { expect, test } from "vitest";
import type { GenerationRun, GenerationSession, GenerationTask } from "../../../src/execution/ports.js";
import { LivePageGeneration } from "../../../src/generation/live/page-generation.js";
import { silentLog } from "../../support/silent-log.js";

const FEATURE = `Feature: Sign in
  Scenario: With a password
    When I press "Sign in"
  Scenario: Without
    When I press "Skip"`;

const never = () => Promise.reject(new Error("nothing is read, tried or saved"));

/** A run that tells what becomes of it, and whose sessions cannot be worked in. */
function runThat(told: string[]): GenerationRun {
  return {
    runId: "run",
    signal: new AbortController().signal,
    inSession: (work) => {
      told.push("session");
      return work({
        variables: { used: [], fillIn: (text: string) => text },
      } as unknown as GenerationSession);
    },
    tell: ({ message }) => told.push(message),
    flush: () => Promise.resolve(),
  };
}

/** The task that a description on a page becomes. */
async function taskOf(description: string): Promise<GenerationTask> {
  let started: GenerationTask | undefined;
  const pages = new LivePageGeneration({
    runs: {
      startGeneration: (task) => {
        started = task;
        return Promise.resolve("run");
      },
    },
    takeSnapshot: never,
    cases: { createAll: never, read: never, readStep: never, updateStep: never },
    allowedHosts: [],
    now: () => new Date(),
    log: silentLog,
  });
  await pages.startCase({ description, startUrl: "http://127.0.0.1/" });
  if (started === undefined) throw new Error("no run was started");
  return started;
}

test("several cases on one page are one run, and each has a session of its own", async () => {
  const told: string[] = [];
  const task = await taskOf(FEATURE);
  // The first session cannot be worked in: the second is never begun, and nothing is saved.
  await expect(task.perform(runThat(told))).rejects.toThrow();
  expect(told).toEqual([
    "Creating test case...",
    "Generating test steps from plain English...",
    "Case 1 of 2, “With a password”",
    "session",
  ]);
});
