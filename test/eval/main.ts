/**
 * `npm run eval`: how many of the labelled sentences the plain-English generator understands, and how many of these
 * rightly. Needs no key and no browser.
 *
 * `--short` prints the table alone, as CI does; `--held-out` lists the held-out sentences, too; `--file PATH` scores
 * another labelled file.
 */
import { parseArgs } from "node:util";
import { pino } from "pino";
import { PlainEnglishGenerator } from "../../src/generation/plain-english/plain-english-generator.js";
import { isHeldOut, readLabels, readOwnLabels } from "./labels.js";
import { below, countsOf, listing, table } from "./report.js";
import { told } from "../support/told.js";
import { judge, type Judged } from "./scoring.js";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    "held-out": { type: "boolean", default: false },
    file: { type: "string" },
  },
});

const generator = new PlainEnglishGenerator();
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

const judged: Judged[] = [];
for (const label of values.file === undefined ? await readOwnLabels() : await readLabels(values.file)) {
  const { steps } = await generator.generateCase(told(label.sentence), context);
  judged.push(judge(label, steps));
}

const tuning = judged.filter(({ label }) => !isHeldOut(label));
const heldOut = judged.filter(({ label }) => isHeldOut(label));
if (!values.short) console.log(listing(values["held-out"] || values.file !== undefined ? judged : tuning));
console.log(table({ tuning: countsOf(tuning), "held out": countsOf(heldOut), all: countsOf(judged) }));

const missed = values.file === undefined ? below(countsOf(judged)) : [];
for (const line of missed) console.error(line);
process.exitCode = missed.length === 0 ? 0 : 1;
