/**
 * `npm run eval`: how well plain English becomes tests. Without a key: sentences alone, sentences on stored pages, and whole
 * descriptions on applications in a real browser. With `OPENAI_API_KEY`, or `AI_REPLAY` and the answers that `AI_RECORD` has
 * kept, the same report of what a language model makes of the first and the last.
 *
 * `--short` prints the tables alone and takes a share of the whole descriptions, as CI does; `--held-out` lists the held-out
 * sentences, too; `--only sentences|pages|descriptions` does one part; `--file PATH` scores another file of labelled
 * sentences.
 */
import { parseArgs } from "node:util";
import { pino } from "pino";
import { told } from "../support/told.js";
import { judgePageLabel, readPageLabels } from "./grounding.js";
import { readHeldOut, readLabels, readOwnLabels, readProbes, type LabelledSentence } from "./labels.js";
import { measuredGenerator } from "./model.js";
import {
  below,
  countsOf,
  descriptionReport,
  listing,
  pageReport,
  silentIn,
  table,
  type Section,
} from "./report.js";
import { judge, type Judged } from "./scoring.js";
import { judgeDescriptions } from "./whole-descriptions.js";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    "held-out": { type: "boolean", default: false },
    only: { type: "string" },
    file: { type: "string" },
  },
});
const { short: isShort, file } = values;

async function sentences(): Promise<Section> {
  const generator = await measuredGenerator();
  const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };
  const judgeAll = async (labels: readonly LabelledSentence[]): Promise<Judged[]> => {
    const judged: Judged[] = [];
    for (const label of labels) {
      const { steps, warnings } = await generator.generateCase(told(label.sentence), context);
      // A language model warns of the whole description.
      const [first, ...others] = steps;
      const said =
        generator.name === "openai" && first !== undefined ? [{ ...first, warnings }, ...others] : steps;
      judged.push(judge(label, said));
    }
    return judged;
  };
  if (file !== undefined) {
    const judged = await judgeAll(await readLabels(file));
    return { table: table({ all: countsOf(judged) }), listing: [listing(judged)], faults: [] };
  }
  const own = await judgeAll(await readOwnLabels());
  const heldOut = await judgeAll(await readHeldOut());
  const probes = await judgeAll(await readProbes());
  return {
    table: table({ tuning: countsOf(own), "held out": countsOf(heldOut), probes: countsOf(probes) }),
    listing: [listing(values["held-out"] ? [...own, ...heldOut, ...probes] : [...own, ...probes])],
    faults: [...below(countsOf([...own, ...heldOut])), ...silentIn(countsOf(probes))],
  };
}

const PARTS: Record<string, () => Section | Promise<Section>> = {
  sentences,
  pages: () => pageReport(readPageLabels().map(judgePageLabel)),
  descriptions: async () => descriptionReport(await judgeDescriptions({ isShort })),
};

const only = file === undefined ? values.only : "sentences";
if (only !== undefined && !Object.hasOwn(PARTS, only))
  throw new Error(`--only ${only}: there are ${Object.keys(PARTS).join(", ")}`);
const faults: string[] = [];
for (const [name, part] of Object.entries(PARTS)) {
  if (only !== undefined && only !== name) continue;
  const section = await part();
  if (!isShort) console.log(section.listing.join("\n"));
  console.log(`${section.table}\n`);
  faults.push(...section.faults);
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
