import type { Bench } from "../bench.js";
import type { RowName } from "../options.js";
import { startPlaywrightFresh, startPlaywrightWarm } from "../playwright/sides.js";
import { interleave } from "../rounds.js";
import { startOriginal, startSelenium } from "../selenium/sides.js";
import type { StartedSide } from "../started-side.js";
import { median, range } from "../statistics.js";
import { hasJava } from "../../support/selenium-grid.js";
import { progress } from "../progress.js";
import { startRunner, startServer, startServerOnGrid } from "../stepwire/sides.js";
import { atMost, informs, type Row } from "../table.js";
import { startWebdriverio } from "../webdriverio/side.js";

/** Everything that buys in the shop, in the order of the first round. */
const SIDES = {
  runner: startRunner,
  playwrightWarm: startPlaywrightWarm,
  server: (bench: Bench) => startServer(bench, "off"),
  playwrightFresh: startPlaywrightFresh,
  serverInline: (bench: Bench) => startServer(bench, "inline"),
  selenium: startSelenium,
  webdriverio: startWebdriverio,
  original: startOriginal,
  serverOnGrid: startServerOnGrid,
} satisfies Record<string, (bench: Bench) => Promise<StartedSide<number>>>;

type SideName = keyof typeof SIDES;

/** Two sides whose times make a row: the first as a share of the second. */
interface Comparison {
  name: RowName;
  measured: SideName;
  against: SideName;
  /** Largest share that is acceptable; a row without one only informs. */
  limit?: number;
}

const COMPARISONS: Comparison[] = [
  { name: "warm", measured: "runner", against: "playwrightWarm", limit: 0.75 },
  { name: "fresh", measured: "server", against: "playwrightFresh", limit: 0.75 },
  { name: "selenium", measured: "runner", against: "selenium", limit: 0.33 },
  { name: "selenium-fresh", measured: "server", against: "selenium" },
  { name: "webdriverio", measured: "runner", against: "webdriverio" },
  // The original sent a picture after each command as well.
  { name: "original", measured: "serverInline", against: "original", limit: 0.08 },
  { name: "screenshots", measured: "serverInline", against: "server", limit: 1.15 },
  { name: "grid", measured: "serverOnGrid", against: "server", limit: 1.25 },
];

/** The 24 commands of the shop, by everything that the wanted rows compare, side by side. */
export async function measureScenario(bench: Bench, wanted: ReadonlySet<RowName>): Promise<Row[]> {
  const isLeftOut = wanted.has("grid") && !(await hasJava());
  if (isLeftOut) progress("grid: left out, for no Java is installed here");
  const comparisons = COMPARISONS.filter(({ name }) => wanted.has(name) && !(isLeftOut && name === "grid"));
  const needed = new Set(comparisons.flatMap(({ measured, against }) => [measured, against]));
  if (needed.size === 0) return [];
  const started = new Map<SideName, StartedSide<number>>();
  for (const name of Object.keys(SIDES) as SideName[]) {
    if (needed.has(name)) started.set(name, await SIDES[name](bench));
  }
  await interleave(
    "24 commands",
    [...started.values()].map(({ side }) => side),
    bench.sizes.rounds,
  );
  await Promise.all([...started.values()].map(({ stop }) => stop()));
  return comparisons.map((comparison) => compare(comparison, started));
}

function compare(
  { name, measured, against, limit }: Comparison,
  started: ReadonlyMap<SideName, StartedSide<number>>,
): Row {
  const [ours, theirs] = [measured, against].map((side) => started.get(side)?.side);
  if (ours === undefined || theirs === undefined) throw new Error(`A side of "${name}" was not started.`);
  const row = {
    name,
    what: `24 commands: ${ours.name} / ${theirs.name}`,
    value: median(ours.samples) / median(theirs.samples),
    unit: " ×",
    digits: 3,
    note: `${describe(ours.samples)} / ${describe(theirs.samples)}`,
  };
  return limit === undefined ? informs(row) : atMost(limit, row);
}

function describe(samples: readonly number[]): string {
  return `${median(samples).toFixed(0)} ms, ${range(samples)}`;
}
