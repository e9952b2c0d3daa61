import { styleText } from "node:util";
import Table from "cli-table3";
import { oneLine } from "../src/one-line.js";

const BAR_WIDTH = 20;

const LOOK = {
  passed: { mark: "✓", color: "green" },
  failed: { mark: "✗", color: "red" },
  error: { mark: "!", color: "yellow" },
  skipped: { mark: "–", color: "gray" },
} as const;

/** The end of one step. */
export interface StepOutcome {
  run: string;
  number: number;
  description: string;
  status: "passed" | "failed" | "error" | "skipped";
  ms: number;
  commands: number;
  screenshots: number;
  error: string | null;
}

export function heading(text: string): void {
  console.log(`\n${styleText("bold", text)}`);
}

/** One step at a time: a line that moves while it runs, and a line that stays when it has ended. */
export class StepView {
  #title = "";

  started(message: string): void {
    this.#title = oneLine(message).replace(/^Executing |\.\.\.$/g, "");
  }

  progress({ step, total, message }: { step: number; total: number; message: string }): void {
    this.#live(`${bar(step, total)} ${step}/${total}  ${this.#title}  ${styleText("dim", oneLine(message))}`);
  }

  completed({ number, description, status, ms, error }: StepOutcome): void {
    this.#live("");
    const { mark, color } = LOOK[status];
    const verdict = styleText(color, `${mark} ${status.padEnd(7)}`);
    console.log(`${verdict} ${seconds(ms).padStart(7)}  Step ${number}: ${shorten(description, 70)}`);
    if (error !== null && status !== "skipped") console.log(styleText(color, `          ${oneLine(error)}`));
  }

  generating(percent: number, message: string): void {
    this.#live(`${bar(percent, 100)} ${percent} %  ${oneLine(message)}`);
  }

  generated(name: string, steps: number): void {
    this.#live("");
    console.log(`${oneLine(name)}: ${steps} steps`);
  }

  /** Writes over the line under way; where there is no terminal, nothing moves and nothing is written. */
  #live(text: string): void {
    if (!process.stdout.isTTY) return;
    process.stdout.cursorTo(0);
    process.stdout.clearLine(0);
    process.stdout.write(text.slice(0, process.stdout.columns + 20));
  }
}

/** Widths of the columns, whose sum with the gaps between them fits a terminal of 60. */
const COLUMNS = { run: 12, step: 5, description: 20, commands: 4, verdict: 8, time: 9 };

/** Only spaces between columns, and no lines. */
const NO_LINES = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
  ].map((name) => [name, ""]),
);

export function printSummary(outcomes: StepOutcome[]): void {
  heading("Summary");
  const table = new Table({
    head: ["run", "step", "description", "cmds", "verdict", "time"].map((title) => styleText("dim", title)),
    colWidths: Object.values(COLUMNS),
    wordWrap: true,
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 1, head: [], border: [], compact: true },
  });
  for (const { run, number, description, commands, status, ms } of outcomes) {
    const cells = [run, String(number), shorten(description, 44), String(commands), status, seconds(ms)];
    table.push(cells.map((cell) => styleText(LOOK[status].color, cell)));
  }
  console.log(table.toString());
  const passed = outcomes.filter(({ status }) => status === "passed").length;
  console.log(`\n${passed} of ${outcomes.length} steps passed`);
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * BAR_WIDTH);
  return styleText("cyan", "█".repeat(filled)) + styleText("gray", "░".repeat(BAR_WIDTH - filled));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function shorten(given: string, length: number): string {
  const text = oneLine(given);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
