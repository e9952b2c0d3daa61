import type { CommandOf } from "../../protocol/commands.js";
import { downloadsSince, lastActFor, nothingSince } from "../evidence.js";
import type { Executor } from "../executor.js";
import { NotSatisfied } from "../find.js";
import { expectationOf, quote, verbOf } from "../matching.js";
import { waitForEvent } from "../polling.js";
import type { Download, LastAct, Variables } from "../ports.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

export const wait_for_download: Executor<"wait_for_download"> = {
  acts: false,
  describe: (command) => `Wait for a ${describeFile(command)}`,
  expectation: (command) => `a ${describeFile(command)}`,
  leavesDialogs: true,
  async execute(command, context) {
    const { page, keep, memory } = context;
    const taken = (memory.takenDownloads ??= new Set());
    const lastAct = lastActFor(command, memory);
    const isNamed = nameTest(command, context.variables);
    let found: Download | undefined;
    await waitForEvent(
      () => {
        const { downloads } = page.records;
        const since = downloadsSince(lastAct, downloads);
        found = since.find((download) => !taken.has(download.number) && isNamed(download));
        if (found === undefined) return listOf(since, downloads, lastAct);
        return found.state === "in_progress" ? describeProgress(found) : undefined;
      },
      (until) => page.downloadChanged(until),
      context,
    );
    if (found === undefined) return;
    taken.add(found.number);
    const { state, fileName, path } = found;
    if (state === "failed") throw new NotSatisfied(`the download of ${quote(fileName)} failed`);
    if (path !== undefined) keep({ kind: "download", name: fileName, path });
    else
      context.log({
        level: "warning",
        message: `${quote(fileName)} is on the browser's machine and cannot be kept.`,
      });
  },
};

export const verify_download: Executor<"verify_download"> = {
  acts: false,
  describe: (command) => `Verify that there is ${command.not ? "no" : "a"} ${describeFile(command)}`,
  expectation: (command) => `${command.not ? "no" : "a"} ${describeFile(command)}`,
  leavesDialogs: true,
  async execute(command, context) {
    const { page, memory } = context;
    const lastAct = lastActFor(command, memory);
    const isNamed = nameTest(command, context.variables);
    const { min_bytes = 0, not = false } = command;
    await waitForEvent(
      () => {
        const { downloads } = page.records;
        const since = downloadsSince(lastAct, downloads);
        const isThere = since.some(
          (download) => download.state === "complete" && download.bytes >= min_bytes && isNamed(download),
        );
        return isThere === not ? listOf(since, downloads, lastAct) : undefined;
      },
      (until) => page.downloadChanged(until),
      context,
    );
  },
};

type Named = CommandOf<"wait_for_download"> | CommandOf<"verify_download">;

function nameTest(
  { match, expected_file_name: expected }: Named,
  variables: Variables,
): (download: Download) => boolean {
  if (expected === undefined) return () => true;
  // The command's `not` is left out: it turns the whole check round, not the comparison of names.
  const comparison = wholeComparison(expectationOf({ match }, "glob", expected), variables);
  return ({ fileName }) => comparison.isAsExpected(fileName);
}

function describeFile(command: Named): string {
  const { match, expected_file_name: expected } = command;
  const name =
    expected === undefined ? "" : ` whose name ${verbOf(expectationOf({ match }, "glob", expected))}`;
  const size = "min_bytes" in command ? ` of at least ${command.min_bytes} bytes` : "";
  return `complete download${name}${size}`;
}

function listOf(since: readonly Download[], all: readonly Download[], lastAct: LastAct | undefined): string {
  if (since.length > 0) return `there is only ${since.slice(-10).map(describeProgress).join(", ")}`;
  const older = all.at(-1);
  return nothingSince("nothing was downloaded", lastAct, older && quote(older.fileName));
}

function describeProgress({ fileName, state, bytes }: Download): string {
  const progress = state === "in_progress" ? `${bytes} bytes so far` : `${state}, ${bytes} bytes`;
  return `${quote(fileName)} (${progress})`;
}
