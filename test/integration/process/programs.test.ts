import { mkdir, mkdtemp, readFile, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findBrowser } from "../../../src/browser/setup/discovery.js";
import { findPrograms } from "../../../src/browser/setup/places.js";
import { thisSystem } from "../../../src/browser/setup/system.js";
import { writeShellProgram } from "../../support/shell-program.js";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "stepwire test-")));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Puts a program into a folder that is behind the others in the PATH. */
async function addProgram(place: string, name: string, output: string): Promise<string> {
  const path = join(folder, place, name);
  await mkdir(join(folder, place), { recursive: true });
  await writeShellProgram(path, output);
  return path;
}

const inPath = (...places: string[]) => {
  vi.stubEnv("PATH", places.map((place) => join(folder, place)).join(":"));
};

test.runIf(process.platform !== "win32")(
  "every program of a name in the PATH is found, in its order (not on Windows)",
  async () => {
    const paths = [
      await addProgram("second", "geckodriver", ""),
      await addProgram("first", "geckodriver", ""),
    ];
    inPath("nowhere", "first", "second");
    const found = await findPrograms("firefox", "driver", thisSystem, AbortSignal.timeout(5_000));
    expect(found.slice(0, 2)).toEqual(paths.toReversed());
  },
);

test.runIf(process.platform !== "win32")(
  "a driver that does not run hides no other (not on Windows)",
  async () => {
    await addProgram("broken", "geckodriver", "exit 1");
    const driver = await addProgram("sound", "geckodriver", "echo geckodriver 0.36.0");
    await addProgram("sound", "firefox", "echo Mozilla Firefox 153.7");
    inPath("broken", "sound");
    const signal = AbortSignal.timeout(5_000);
    const found = await findBrowser({ browser: "firefox", install: false, log: () => undefined, signal });
    expect(found.driver).toBe(driver);
  },
);

test.runIf(process.platform !== "win32")(
  "programs that are tried for a server know of its environment what a browser may (not on Windows)",
  async () => {
    const seen = join(folder, "seen");
    const driver = await addProgram("tried", "geckodriver", `env >> "${seen}"; echo geckodriver 0.36.0`);
    await addProgram("tried", "firefox", `env >> "${seen}"; echo Mozilla Firefox 153.7`);
    vi.stubEnv("PATH", `${join(folder, "tried")}:${process.env["PATH"] ?? ""}`);
    vi.stubEnv("SECRET_PASSWORD", "kQ93-secret");
    vi.stubEnv("NAMED_THING", "kQ93-named");
    const signal = AbortSignal.timeout(5_000);
    const search = { browser: "firefox", install: false, log: () => undefined, signal } as const;
    expect((await findBrowser({ ...search, environment: ["NAMED_THING"] })).driver).toBe(driver);
    const environment = await readFile(seen, "utf8");
    expect(environment).toContain("NAMED_THING=kQ93-named");
    expect(environment).not.toContain("kQ93-secret");
  },
);

test.runIf(process.platform !== "win32")(
  "a program is found once, whatever folder leads to its own (not on Windows)",
  async () => {
    const driver = await addProgram("usr", "geckodriver", "");
    await symlink(join(folder, "usr"), join(folder, "link"));
    inPath("link", "usr");
    const found = await findPrograms("firefox", "driver", thisSystem, AbortSignal.timeout(5_000));
    expect(found.filter((path) => path.startsWith(folder))).toEqual([driver]);
  },
);
