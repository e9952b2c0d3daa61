import { examine } from "../../doctor/examine.js";
import type { Finding } from "../../doctor/finding.js";
import { oneLine, printableJson } from "../../one-line.js";
import { ExitCode, type CommandContext } from "../command-context.js";
import { createCommandLog } from "../command-log.js";
import { Interruption } from "../interruption.js";
import { createPaint, type Paint } from "../paint.js";

/** Tells everything that was found, each as soon as it was; the exit code is 1 where something is wrong. */
export async function tellFindings({ json }: { json: boolean }, context: CommandContext): Promise<void> {
  const { environment, stdout, print, remark, exitWith } = context;
  const interruption = new Interruption();
  const paint = createPaint(stdout);
  const findings: Finding[] = [];
  try {
    const options = { environment, log: await createCommandLog("silent"), signal: interruption.signal };
    for await (const finding of examine(options)) {
      findings.push(finding);
      if (!json) print(lineOf(finding, paint));
    }
  } catch (error) {
    if (interruption.exitCode === undefined) throw error;
    exitWith(interruption.exitCode);
    return;
  } finally {
    interruption.stop();
  }
  if (json) print(printableJson(JSON.stringify(findings, null, 2)));
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  const [faults, warnings] = [count("wrong"), count("warning")];
  remark(
    faults === 0
      ? `Nothing is wrong${warnings > 0 ? `; ${counted(warnings, "warning")}` : ""}.`
      : `${counted(faults, "fault")}, ${counted(warnings, "warning")}.`,
  );
  if (faults > 0) exitWith(ExitCode.Wrong);
}

function lineOf({ state, part, message }: Finding, paint: Paint): string {
  const signs = { good: paint.green("✓"), warning: paint.yellow("!"), wrong: paint.red("✗") };
  // A search for a browser tells a line for each place.
  const [first = "", ...more] = message.split("\n").map(oneLine);
  return [`${signs[state]} ${part}: ${first}`, ...more.map((line) => `    ${line.trim()}`)].join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
