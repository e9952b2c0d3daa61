import { startChildProcess } from "./child-process.js";
import type { Teardown } from "./teardown.js";

/** Serves the test site from a process of its own, so that no side shares one with it. */
export async function startSiteProcess(teardown: Teardown): Promise<{ url: string }> {
  const { said } = await startChildProcess<string>(
    new URL("../support/site-child.ts", import.meta.url),
    teardown,
  );
  return { url: said };
}
