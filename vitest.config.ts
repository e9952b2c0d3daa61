import { defineConfig } from "vitest/config";
import { SecondTries } from "./test/support/second-tries.js";

/** True where a whole run decides over a change: there one race of a browser in thousands of tests is not to. */
const isCi = process.env["CI"] === "true";

/** Tests of what one kind of database alone has: its files and locks, or its server. */
const OF_SQLITE = "test/integration/db/sqlite/**";
const OF_POSTGRES = "test/integration/db/postgres/**";

interface ProjectOptions {
  timeout: number;
  env?: Record<string, string>;
  exclude?: string[];
  globalSetup?: string[];
}

const project = (name: string, { timeout, env = {}, exclude = [], globalSetup = [] }: ProjectOptions) => ({
  test: {
    name,
    env,
    include: [`test/${name}/**/*.test.ts`],
    exclude,
    globalSetup: [...(name === "unit" ? [] : ["test/support/translated-server.ts"]), ...globalSetup],
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
      project("unit", { timeout: 30_000 }),
      mode === "postgres"
        ? project("integration", {
            timeout: 30_000,
            exclude: [OF_SQLITE],
            globalSetup: ["test/support/postgres-set-up.ts"],
          })
        : project("integration", { timeout: 30_000, exclude: [OF_POSTGRES] }),
      project("browser", { timeout: 60_000, env: mode === "firefox" ? { TEST_BROWSER: "firefox" } : {} }),
    ],
  },
}));
