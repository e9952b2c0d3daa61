import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "vitest";
import { examine } from "../../../src/doctor/examine.js";
import type { Finding } from "../../../src/doctor/finding.js";
import { carryOut } from "../../support/command-line.js";
import { closedPort } from "../../support/closed-port.js";
import { FakePool } from "../../support/fake-browser.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { silentLog } from "../../support/silent-log.js";
import { startApp } from "../../support/test-app.js";

// The browser of these is one of another machine, so that none has to start here.

const test = folderTest
  .extend("environment", async ({ folder }) => ({
    DATABASE_URL: `file:${join(folder, "data", "test.db")}`,
    ARTIFACTS_DIR: join(folder, "data", "artifacts"),
    PORT: String(await closedPort()),
    SELENIUM_REMOTE_URL: `http://127.0.0.1:${await closedPort()}`,
  }))
  .extend("findingsOf", ({ environment }) => async (changes: Record<string, string>) => {
    const findings: Finding[] = [];
    const options = { log: silentLog, signal: new AbortController().signal };
    for await (const finding of examine({ environment: { ...environment, ...changes }, ...options }))
      findings.push(finding);
    return findings;
  });

const wrongIn = (findings: Finding[]) =>
  findings
    .filter(({ state }) => state === "wrong")
    .map(({ part, message }) => `${part}: ${message}`)
    .filter((line) => !line.startsWith("browser: "));

test("values that cannot be used are told, each with its name", async ({ findingsOf }) => {
  expect(wrongIn(await findingsOf({ PORT: "-1", DIALOGS: "maybe" }))).toEqual([
    expect.stringContaining("configuration: PORT: must be"),
    expect.stringContaining("configuration: DIALOGS: must be"),
  ]);
  expect(wrongIn(await findingsOf({ HOST: "no-such-host.invalid" }))).toContainEqual(
    expect.stringContaining("configuration: HOST: no-such-host.invalid is no address"),
  );
});

test("a port that is taken is told of, unless Stepwire itself has it", async ({
  findingsOf,
  onTestFinished,
}) => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  // A server that listens on a port has an address with one.
  const PORT = String((server.address() as AddressInfo).port);
  server.on("connection", (socket) => socket.destroy());
  expect(wrongIn(await findingsOf({ PORT }))).toEqual([
    `port: PORT: ${PORT} is in use on 127.0.0.1; stop what uses it or set PORT.`,
  ]);
});

test("a server that runs is found, and its database is neither locked nor changed", async ({
  findingsOf,
}) => {
  const testApp = await startApp({}, { pool: new FakePool(1) });
  try {
    const [, PORT = ""] = testApp.address.split(":");
    const findings = await findingsOf({ PORT, DATABASE_URL: testApp.databaseUrl });
    expect(wrongIn(findings)).toEqual([]);
    const told = findings.map(({ message }) => message);
    expect(told).toContain(`Stepwire serves on ${PORT} already.`);
    expect(told).toContainEqual(
      expect.stringMatching(/^It is in use by (the server with process id \d+|servers at )/),
    );
    await testApp.createCase([null]);
  } finally {
    await testApp.close();
  }
});

test("a database that cannot be used is told of with its remedy", async ({ findingsOf, folder }) => {
  const file = join(folder, "broken.db");
  await writeFile(file, "no database at all, but a text that is long enough".repeat(50));
  expect(wrongIn(await findingsOf({ DATABASE_URL: `file:${file}` }))).toEqual([
    `database: DATABASE_URL: ${file} is not a SQLite database. Name another file, or move this one away.`,
  ]);
  const postgres = `postgresql://me:secret@127.0.0.1:${await closedPort()}/x`;
  expect(wrongIn(await findingsOf({ DATABASE_URL: postgres }))).toEqual([
    expect.stringMatching(
      /^database: DATABASE_URL: postgresql:\/\/127\.0\.0\.1:\d+\/x: it cannot be reached \(ECONNREFUSED\)\. Start PostgreSQL/,
    ),
  ]);
});

test("folders without rights or room are told of", async ({ findingsOf, folder }) => {
  await writeFile(join(folder, "file"), "");
  expect(wrongIn(await findingsOf({ ARTIFACTS_DIR: join(folder, "file", "artifacts") }))).toEqual([
    expect.stringContaining(`folder: ARTIFACTS_DIR: ${join(folder, "file")} cannot be written (ENOTDIR)`),
  ]);
  const full = wrongIn(await findingsOf({ DISK_MIN_FREE: "1000000000" }));
  expect(full).toHaveLength(3);
  expect(full[0]).toMatch(/^disk: DATABASE_URL: [\d,]+ MB are free .*\(DISK_MIN_FREE\); free some/);
});

test("the command tells it all, ends with 1 where something is wrong, and makes nothing", async ({
  environment,
  folder,
}) => {
  const { said, remarked, code } = await carryOut(["doctor"], { environment });
  expect(said).toContain("✓ configuration: Every value can be used.");
  expect(said).toMatch(/✗ browser: The Selenium server at SELENIUM_REMOTE_URL \(.*\) does not answer\./);
  expect(remarked).toMatch(/^1 fault, \d+ warnings?\.$/);
  expect(code).toBe(1);
  expect(existsSync(join(folder, "data"))).toBe(false);
  expect(await readdir(folder)).toEqual([]);
  const asJson = await carryOut(["doctor", "--json"], { environment });
  expect(JSON.parse(asJson.said)).toContainEqual(
    expect.objectContaining({ part: "browser", state: "wrong" }),
  );
});

test("setup tells the browser that is there, or everything that it tried", async ({ environment }) => {
  const remote = await carryOut(["setup"], { environment });
  expect(remote).toMatchObject({ code: 0, said: expect.stringContaining("needs no browser") });
  const own = { ...environment, SELENIUM_REMOTE_URL: "" };
  expect(await carryOut(["setup"], { environment: own })).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^Using .+ \(.+\) with .+$/),
  });
  expect(await carryOut(["setup"], { environment: { ...own, BROWSER_BINARY: "/none" } })).toMatchObject({
    code: 2,
    remarked: expect.stringContaining("BROWSER_BINARY: /none does not exist"),
  });
});
