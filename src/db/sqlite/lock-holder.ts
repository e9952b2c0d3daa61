import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

/** The server that has the lock of a database, as it has written down beside it. */
const Holder = z.object({
  pid: z.int(),
  host: z.string(),
  since: z.iso.datetime(),
  address: z.string().optional(),
});
export type Holder = z.infer<typeof Holder>;

/** Longest part of the file that goes into a message, in characters. */
const MAX_PART = 200;

const since = new Date().toISOString();

/** Writes down the holder in a file of its own: closing the lock file anywhere in this process gives the lock up. */
export function writeHolder(file: string, address?: string): void {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    since,
    ...(address !== undefined && { address }),
  };
  const draft = `${holderFileOf(file)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(holder)}\n`);
  renameSync(draft, holderFileOf(file));
}

/** @returns nothing where nobody has said who they are */
export function readHolder(file: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(holderFileOf(file), "utf8")));
  } catch {
    return undefined;
  }
}

export function forgetHolder(file: string): void {
  rmSync(holderFileOf(file), { force: true });
}

/** Describes a holder in words, on one line. */
export function describeHolder(holder: Holder | undefined): string {
  if (holder === undefined) return "another server, which has not said who it is";
  const { pid, host, since: from, address } = holder;
  const place = address === undefined ? "" : `, at ${plain(address)}`;
  return `the server with process id ${pid} on host ${plain(host)} since ${from}${place}`;
}

function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, MAX_PART);
}

function holderFileOf(file: string): string {
  return `${file}.server.json`;
}
