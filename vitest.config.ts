import { defineConfig } from "vitest/config";
import { SecondTries } from "./test/support/second-tries.js";

/** True where a whole run decides over a change: there one race of a browser in thousands of tests is not to. */
const isCi = process.env["CI"] === "true";

const project = (name: string, timeout: number, env: Record<string, string> = {}) => ({
  test: {
    name,
    env,
    include: [`test/${name}/**/*.test.ts`],
    globalSetup: name === "unit" ? [] : ["test/support/translated-server.ts"],
    testTimeout: timeout,
    // Tests of plain logic have no second try, and the soak gives none to anybody.
    retry: isCi && name !== "unit" ? 1 : 0,
    hookTimeout: timeout,
    // A failure that comes once in a thousand times has to tell all that there is to know.
    chaiConfig: { truncateThreshold: 0 },
    // What a test polls for comes at its own time on a busy machine; by default, a second is all it gets.
    expect: { poll: { timeout: timeout / 2 } },
  },
});

export default defineConfig(({ mode }) => ({
  test: {
    reporters: ["default", new SecondTries()],
    // Real browsers share two cores on the machines we test on; more files at once only measure the scheduler.
    maxWorkers: 2,
    projects: [
      project("unit", 30_000),
      project("integration", 30_000),
      project("browser", 60_000, mode === "firefox" ? { TEST_BROWSER: "firefox" } : {}),
    ],
  },
}));
