import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

export type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a child of this folder, such as `migrate-child.ts`, with Node and tsx. */
export function startChild(script: string, ...args: string[]): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, ["--import", "tsx", path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Everything that a child writes to stdout until it ends. */
export async function output(child: Child): Promise<string> {
  let text = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0 && child.signalCode === null)
    throw new Error(`The child ended with code ${code}: ${errors}`);
  return text;
}
