import { pino, type Level, type Logger } from "pino";

export interface KeptLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A log, and what was written to it. */
export function keptLog(level: Level): { log: Logger; lines: KeptLine[]; text: () => string } {
  const written: string[] = [];
  const log = pino({ level }, { write: (line: string) => written.push(line) });
  return {
    log,
    get lines() {
      return written.map((line): KeptLine => JSON.parse(line));
    },
    text: () => written.join(""),
  };
}
