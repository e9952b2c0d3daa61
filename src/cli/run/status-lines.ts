import { stripVTControlCharacters } from "node:util";
import type { CommandContext } from "../command-context.js";

/** Time between two pictures of the same lines, in milliseconds: more often nobody could read them. */
const FRAME_MS = 80;

/**
 * The switch of a terminal for wrapping lines (DECAWM): only it knows how many cells a character takes.
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
const WRAP_OFF = "\u001b[?7l";
const WRAP_ON = "\u001b[?7h";

/** Lines at the bottom of a terminal that change, below those that stay. Nowhere else are there any. */
export class StatusLines {
  readonly #stream: CommandContext["stdout"];
  #shown = 0;
  #wanted: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: CommandContext["stdout"]) {
    this.#stream = stream;
  }

  /** Writes a line that stays. */
  print(line: string): void {
    this.#erase();
    this.#stream.write(`${line}\n`);
    this.#draw();
  }

  /** Shows these lines from now on. */
  show(lines: readonly string[]): void {
    this.#wanted = lines;
    if (!this.#stream.isTTY) return;
    if (lines.length === 0) this.#redraw();
    else this.#timer ??= setTimeout(() => this.#redraw(), FRAME_MS).unref();
  }

  #redraw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#erase();
    this.#draw();
  }

  #erase(): void {
    if (this.#shown > 0) this.#stream.write(`\u001b[${this.#shown}A\u001b[0J`);
    this.#shown = 0;
  }

  #draw(): void {
    if (!this.#stream.isTTY) return;
    const { columns = 80 } = this.#stream;
    const lines = this.#wanted.map((line) => `${cut(line, columns - 1)}\n`);
    if (lines.length > 0) this.#stream.write(`${WRAP_OFF}${lines.join("")}${WRAP_ON}`);
    this.#shown = lines.length;
  }
}

/** A line that is wrapped would be two, of which one could not be erased; the mark says that something is missing. */
function cut(line: string, width: number): string {
  const text = stripVTControlCharacters(line);
  return text.length <= width ? line : `${text.slice(0, Math.max(0, width - 1))}…`;
}
