import { createCase } from "../../../support/test-app.js";
import { interleave, Side } from "../../rounds.js";
import { median, range } from "../../statistics.js";
import { atLeast, type Row } from "../../table.js";
import { addressOf, Fleet } from "../fleet.js";
import { connectTo, hear, type HeardRun } from "../heard-runs.js";
import type { ScaleBench } from "../scale-bench.js";

const LIMIT_PER_SECOND = 5_000;

/** Runs at the same time. */
const RUNS = 4;
/** As many as a script may have. Each is two events: that it begins, and its line. */
const COMMANDS = 500;

/** Events of runs that do nothing but tell, from the first until the last has reached the client. */
export async function measureEventRate(bench: ScaleBench): Promise<Row[]> {
  const { eventRounds, eventSteps } = bench.sizes;
  const fleet = await Fleet.start(bench, { carrying: "all", other: "server" }, { poolSize: RUNS });
  const log = Array.from({ length: COMMANDS }, (_, line) => ({ action: "log", message: `Line ${line}` }));
  const { caseId } = await createCase(
    addressOf(fleet),
    Array.from({ length: eventSteps }, () => log),
  );
  const sides = [];
  for (const name of ["carrying", "other"]) {
    const client = await connectTo(addressOf(fleet, name), bench.teardown);
    const side = new Side(`Clients of the ${name} server`, async () => {
      const runs = Array.from({ length: RUNS }, () => client.executeAll(caseId));
      const hearing = runs.map(hear);
      await Promise.race(runs.map(({ accepted }) => accepted));
      const began = performance.now();
      const heard = await Promise.all(hearing);
      const seconds = (performance.now() - began) / 1000;
      heard.forEach(requireWhole);
      return heard.reduce((sum, { events }) => sum + events.length, 0) / seconds;
    });
    sides.push(side);
  }
  await interleave("events", sides, eventRounds);
  await fleet.stop();
  const [carrying, other] = sides;
  const row = (where: string, { samples }: Side<number>) =>
    atLeast(LIMIT_PER_SECOND, {
      name: "events",
      what: `events a second, stored and delivered by ${where}, ${RUNS} runs at a time`,
      value: median(samples),
      unit: "",
      digits: 0,
      note: range(samples),
    });
  return [
    ...(carrying ? [row("the server that carries the runs out", carrying)] : []),
    ...(other ? [row("another server", other)] : []),
  ];
}

/** @throws Error for a run that did not pass, or whose events have not come each once and in order */
function requireWhole({ events, failure = "its events have gaps" }: HeardRun): void {
  const isWhole =
    events.every(({ seq }, index) => seq === index + 1) && events.at(-1)?.["status"] === "passed";
  if (!isWhole) throw new Error(failure);
}
