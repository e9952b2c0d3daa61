import { createCase } from "../../../support/test-app.js";
import { progress } from "../../progress.js";
import { atMost, type Row } from "../../table.js";
import { addressOf, Fleet } from "../fleet.js";
import { connectTo, hear, problemsOfAll, untilFirstCommand } from "../heard-runs.js";
import { withConnection, type ScaleBench } from "../scale-bench.js";

/**
 * Longest time that one coming and going of the second server takes, in milliseconds: its runs last for all of them, and no
 * longer than they are heard.
 */
const ROUND_MS = 34_000;
const COMMAND_MS = 500;

/** As many as the first server has browsers: none waits, which the second one might take. */
const RUNS = 2;

/** Has a second server come and go while the first one carries out runs, which are nobody else's business. */
export async function measureSecondServer(bench: ScaleBench): Promise<Row[]> {
  const rounds = bench.sizes.secondServers;
  const fleet = await Fleet.start(bench, { first: "all" }, { screenshots: "url" });
  const address = addressOf(fleet);
  const wait = { action: "wait", duration: COMMAND_MS / 1000 };
  const { stepIds } = await createCase(address, [
    Array.from({ length: (rounds * ROUND_MS) / COMMAND_MS }, () => wait),
  ]);
  const client = await connectTo(address, bench.teardown);
  const runs = Array.from({ length: RUNS }, () => client.executeStep(stepIds[0] ?? 0));
  const hearing = Promise.all(runs.map(hear));
  await Promise.all(runs.map(untilFirstCommand));
  const owners = await ownersOf(fleet, "before");

  for (let round = 1; round <= rounds; round++) {
    progress(`second server: round ${round} of ${rounds}`);
    await fleet.startOne("second");
    await fleet.endOne("second", "SIGTERM");
    await fleet.startOne("second");
    await fleet.endOne("second", "SIGKILL");
  }
  // It ends the browsers that a killed one has left on this machine.
  await fleet.startOne("second");
  await fleet.endOne("second", "SIGTERM");

  const after = await ownersOf(fleet, "after");
  const heard = await hearing;
  const problems = await problemsOfAll(address, heard);
  if (after !== owners) problems.push(`the runs were ${owners} and are ${after}`);
  for (const { runId, events } of heard) {
    if (events.at(-1)?.["status"] !== "passed") problems.push(`run ${runId ?? ""} did not pass`);
  }
  client.close();
  for (const problem of problems) progress(problem);
  await fleet.stop();
  return [
    atMost(0, {
      name: "second-server",
      what: `${rounds} × a second server starts, stops, starts and is killed: runs of the first that were touched`,
      value: problems.length,
      unit: "",
      digits: 0,
      note: `${RUNS} runs, ${heard.reduce((sum, { events }) => sum + events.length, 0)} events`,
    }),
  ];
}

/** Whose the runs are that have no verdict yet, and by which numbers. @throws Error when all of them have theirs */
async function ownersOf({ databaseUrl }: Fleet, when: string): Promise<string> {
  return await withConnection(databaseUrl, async (client) => {
    const { rows } = await client.query<{ owner: string }>(
      "SELECT owner || ' (' || lease_number || ')' AS owner FROM runs WHERE finished_at IS NULL ORDER BY id",
    );
    if (rows.length !== RUNS)
      throw new Error(`${rows.length} of ${RUNS} runs were under way ${when} the second server`);
    return rows.map(({ owner }) => owner).join(", ");
  });
}
