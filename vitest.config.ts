import { defineConfig } from "vitest/config";
import { findPostgres } from "./test/support/postgres-server.js";
import { SecondTries } from "./test/support/second-tries.js";
import { StuckFiles } from "./test/support/stuck-files.js";

/** True where a whole run decides over a change: there one race of a browser in thousands of tests is not to. */
const isCi = process.env["CI"] === "true";

/** Tests of what one kind of database alone has: its files and locks, or its server. */
const OF_SQLITE = "test/integration/db/sqlite/**";
const OF_POSTGRES = "test/integration/db/postgres/**";

/** Tests that use no database, and would only take their time twice. */
const WITHOUT_DATABASE = [
  "test/integration/browsers/**",
  "test/integration/process/{import-cycles,generated-types,programs}.test.ts",
];

/** The integration tests on PostgreSQL. Where it is not installed, their names say so, and they are skipped. */
async function onPostgres() {
  const exclude = [OF_SQLITE, ...WITHOUT_DATABASE];
  const timeout = 30_000;
  if ((await findPostgres()) !== undefined)
    return project("integration", { timeout, exclude, globalSetup: ["test/support/postgres-set-up.ts"] });
  const { test } = project("integration", { timeout });
  const setupFiles = ["test/support/skip-all.ts"];
  return {
    test: {
      ...test,
      name: "integration (no PostgreSQL is installed here)",
      // The others start a server before their first test.
      include: ["test/integration/db/postgres/{schema,servers}.test.ts"],
      setupFiles,
    },
  };
}

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
    // Isolated files load the server anew each, which takes minutes of a whole run. A test's spies and variables end with
    // it instead.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
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

export default defineConfig(async ({ mode }) => ({
  test: {
    reporters: ["default", new SecondTries(), new StuckFiles()],
    // Real browsers share two cores on the machines we test on; more files at once only measure the scheduler.
    maxWorkers: 2,
    projects: [
      project("unit", { timeout: 30_000 }),
      mode === "postgres"
        ? await onPostgres()
        : project("integration", { timeout: 30_000, exclude: [OF_POSTGRES] }),
      project("browser", { timeout: 60_000, env: mode === "firefox" ? { TEST_BROWSER: "firefox" } : {} }),
    ],
  },
}));
