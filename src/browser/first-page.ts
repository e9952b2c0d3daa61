import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pause } from "./abortable.js";

/** Pause between two looks whether the browser listens yet, in milliseconds. */
const LOOK_MS = 20;

/**
 * Whether a browser is Chromium's small build for machines without a screen. Given a profile, that opens no page of
 * its own, and its driver waits for one in vain.
 */
export function isHeadlessShell(binary: string): boolean {
  return /headless[-_]shell/.test(basename(binary));
}

/** Opens an empty page in a browser that is just starting. */
export async function openFirstPage(profileFolder: string, signal: AbortSignal): Promise<void> {
  const port = await devToolsPort(profileFolder, signal);
  const response = await fetch(`http://127.0.0.1:${port}/json/new?about:blank`, { method: "PUT", signal });
  if (!response.ok) throw new Error(`The browser opened no page: its DevTools answered ${response.status}.`);
}

/** A Chromium writes it into its profile as soon as it listens. */
async function devToolsPort(profileFolder: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const text = await readFile(join(profileFolder, "DevToolsActivePort"), "utf8").catch(() => "");
    const [port = "", path] = text.split("\n");
    if (path !== undefined) return port;
    await pause(LOOK_MS, signal);
  }
}
