import { oneLine } from "../../one-line.js";
import type { RunEvent } from "../../protocol/messages.js";
import type { CommandContext } from "../command-context.js";
import type { Listener } from "./perform-all.js";
import { createPaint } from "../paint.js";
import { StatusLines } from "./status-lines.js";
import type { SelectedTest, TestOutcome } from "./test-runs.js";

/** Cells of the progress bar. */
const BAR_WIDTH = 20;

export interface List extends Listener {
  begin(parallel: number): void;
  end(): void;
}

interface ListOptions {
  total: number;
  context: Pick<CommandContext, "print" | "stdout" | "now">;
  isShown: boolean;
}

const SILENT: List = {
  begin: () => undefined,
  testBegun: () => undefined,
  testTold: () => undefined,
  testEnded: () => undefined,
  testSkipped: () => undefined,
  end: () => undefined,
};

/** The tests as they end, one a line; on a terminal, with those that are under way and a progress bar below. */
export function createList({ total, context, isShown }: ListOptions): List {
  if (!isShown) return SILENT;
  const { stdout, now } = context;
  const paint = createPaint(stdout);
  const status = new StatusLines(stdout);
  const began = now().getTime();
  const underWay = new Map<SelectedTest, string>();
  const counts = { passed: 0, failed: 0, error: 0, flaky: 0, skipped: 0, unchecked: 0 };

  const sum = () => counts.passed + counts.failed + counts.error + counts.skipped;
  const tell = (): string =>
    [
      paint.green(`${counts.passed} passed`),
      counts.failed > 0 && paint.red(`${counts.failed} failed`),
      counts.error > 0 && paint.red(`${counts.error} could not be judged`),
      counts.skipped > 0 && `${counts.skipped} not run`,
      counts.flaky > 0 && paint.yellow(`${counts.flaky} flaky`),
      counts.unchecked > 0 && paint.yellow(`${counts.unchecked} checked nothing`),
    ]
      .filter((part) => part !== false)
      .join(", ") + ` in ${seconds(now().getTime() - began)}`;
  const show = () => {
    const full = Math.round((BAR_WIDTH * sum()) / total);
    const bar = "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
    const tests = [...underWay].map(([{ name }, doing]) =>
      paint.soft(`  ${oneLine(name)}: ${oneLine(doing)}`),
    );
    status.show([...tests, `${bar} ${sum()}/${total}  ${tell()}`]);
  };
  const print = (line: string) => {
    status.print(line);
    show();
  };

  return {
    begin: (parallel) => {
      const side = parallel > 1 ? `, ${parallel} at a time` : "";
      print(`Running ${total} ${total === 1 ? "test" : "tests"}${side}`);
    },
    testBegun: (test) => {
      underWay.set(test, "starts");
      show();
    },
    testTold: (test, event) => {
      const doing = wordsOf(event);
      if (doing === undefined) return;
      underWay.set(test, doing);
      show();
    },
    testEnded: (test, outcome) => {
      underWay.delete(test);
      counts[outcome.status]++;
      if (outcome.flaky) counts.flaky++;
      if (outcome.status === "passed" && outcome.checks === 0) counts.unchecked++;
      const isPassed = outcome.status === "passed";
      const sign = isPassed ? paint.green("✓") : paint.red(outcome.status === "failed" ? "✗" : "!");
      const remarks = paint.yellow(remarksOn(outcome));
      print(`${sign} ${oneLine(test.name)} ${paint.soft(`(${seconds(outcome.durationMs)})`)}${remarks}`);
      if (isPassed) return;
      if (test.place !== undefined) print(paint.soft(`    ${oneLine(test.place)}`));
      print(`    ${oneLine(outcome.errorMessage ?? "It did not pass.")}`);
    },
    testSkipped: ({ name }, reason) => {
      counts.skipped++;
      print(paint.soft(`- ${oneLine(name)} (not run: ${reason})`));
    },
    end: () => {
      status.show([]);
      status.print(tell());
    },
  };
}

function remarksOn({ flaky, attempts, status, checks }: TestOutcome): string {
  if (flaky) return ` flaky: it passed at attempt ${attempts}`;
  if (status === "passed" && checks === 0) return " it checks nothing";
  return attempts > 1 ? ` after ${attempts} attempts` : "";
}

function wordsOf(event: RunEvent): string | undefined {
  if (event.type === "progress") return event.message;
  if (event.type === "queued") return "waits for a browser";
  return event.type === "attempt_failed" ? "begins again" : undefined;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
