import { isDeepStrictEqual } from "node:util";
import type { Message } from "./client.js";
import { createCase, getJson } from "./test-app.js";

export interface ToldRun {
  /** Address of a server of the run's database. */
  address: string;
  runId: string;
  /** The events that clients have received. */
  told: readonly Message[];
  /** Those that are stored. */
  stored: readonly Message[];
}

/** Compares what was told of a run that is over with what is stored of it: losses and faults, in words. */
export async function problemsOf({ address, runId, told, stored }: ToldRun): Promise<string[]> {
  const problems: string[] = [];
  const bySeq = new Map(stored.map((event) => [event["seq"], event]));
  for (const event of told) {
    if (!isDeepStrictEqual(bySeq.get(event["seq"]), event))
      problems.push(`event ${event["seq"]} of run ${runId} was lost`);
  }
  if (stored.some(({ seq }, index) => seq !== index + 1)) problems.push(`run ${runId} has gaps`);
  const { kind, status } = await getJson<Message>(address, `/api/runs/${runId}`);
  const steps = stored.filter(({ type }) => type === "execution_complete").map(({ step_id }) => step_id);
  const ends = kind === "case" ? stored.filter(({ type }) => type === "all_steps_complete") : steps;
  if (ends.length !== 1) problems.push(`run ${runId} has ${ends.length} verdicts`);
  if (new Set(steps).size !== steps.length) problems.push(`run ${runId} has two verdicts of a step`);
  if (stored.at(-1)?.["status"] !== status) problems.push(`run ${runId} ends otherwise than it is stored`);
  return problems;
}

/** Runs that have no verdict yet. */
export async function openRuns(address: string): Promise<number> {
  const { runs } = await getJson<{ runs: { by_status: Record<string, number> } }>(address, "/api/stats");
  return (runs.by_status["queued"] ?? 0) + (runs.by_status["running"] ?? 0);
}

/** A step of some commands, and a case of three such steps. @param siteUrl the site that they open */
export async function createShortCases(
  address: string,
  siteUrl: string,
): Promise<{ stepId: number; caseId: number }> {
  const script = [
    { action: "navigate", url: `${siteUrl}/text` },
    ...Array.from({ length: 5 }, (_, line) => ({ action: "log", message: `Line ${line}` })),
    {
      action: "verify_text",
      locator_type: "id",
      locator_value: "plain",
      expected_text: "Plain visible text",
    },
  ];
  const { stepIds } = await createCase(address, [script]);
  const { caseId } = await createCase(address, [script, script, script]);
  return { stepId: stepIds[0] ?? 0, caseId };
}
