import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { neededFileHandles } from "../../../src/file-handles.js";
import { scratchFolder, type ScratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";

let folder: ScratchFolder;
beforeAll(async () => {
  folder = await scratchFolder();
});
afterAll(() => folder.remove());

interface Line {
  level: number;
  msg: string;
}

async function warningsOf(environment: Record<string, string>, openFiles: number) {
  const server = await ServerProcess.start(
    folder.path,
    { BROWSER_POOL_SIZE: "2", ...environment },
    { openFiles },
  );
  const open = process.platform === "linux" ? readdirSync(`/proc/${server.pid}/fd`).length : 0;
  await server.stop();
  const lines = server
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const warnings = lines.map((line) => JSON.parse(line) as Line).filter(({ level }) => level === 40);
  return { open, warnings };
}

const FEW_FILES = "the system lets the server open too few files";
const NO_SANDBOX = "the browser runs without its sandbox";

test("the start warns of too few file handles, and as root of a browser without its sandbox", async () => {
  const { open, warnings } = await warningsOf({}, 512);
  const few = warnings.filter(({ msg }) => msg.startsWith(FEW_FILES));
  const needed = neededFileHandles({ maxConnections: 5000, poolSize: 2 });
  expect(few).toMatchObject([{ limit: 512, needed, maxConnections: 5000 }]);
  const unsandboxed = warnings.filter(({ msg }) => msg.startsWith(NO_SANDBOX));
  expect(unsandboxed).toHaveLength(process.getuid?.() === 0 ? 1 : unsandboxed.length);
  // The sum takes this for granted.
  expect(open).toBeLessThan(100);
});

test("it does not where there are enough, and the browser is not of this machine", async () => {
  const environment = { MAX_CONNECTIONS: "100", SELENIUM_REMOTE_URL: "http://127.0.0.1:1" };
  const { warnings } = await warningsOf(environment, 512);
  expect(warnings.filter(({ msg }) => msg.startsWith(FEW_FILES) || msg.startsWith(NO_SANDBOX))).toEqual([]);
});
