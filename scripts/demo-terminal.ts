import { styleText } from "node:util";
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

export function printSummary(outcomes: StepOutcome[]): void {
  heading("Summary");
  const rows = outcomes.map(({ run, number, description, commands, screenshots, status, ms }) => [
    run,
    String(number),
    shorten(description, 44),
    String(commands),
    String(screenshots),
    status,
    seconds(ms),
  ]);
  const header = ["run", "step", "description", "commands", "pictures", "verdict", "time"];
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  console.log(styleText("dim", line(header)));
  for (const [index, row] of rows.entries()) {
    const status = outcomes[index]?.status ?? "error";
    console.log(styleText(LOOK[status].color, line(row)));
  }
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
