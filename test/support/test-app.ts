import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp, type App, type Overrides } from "../../src/app.js";
import { parseConfig } from "../../src/config.js";
import { ended } from "./ended.js";
import { silentLog } from "./silent-log.js";
import { databaseUrlIn, dropDatabase } from "./test-databases.js";

export interface TestApp {
  app: App;
  /** Such as `127.0.0.1:41234`. */
  address: string;
  databaseUrl: string;
  /** Creates a case through REST and answers with its id and those of its steps. */
  createCase(steps: (object[] | string | null)[]): Promise<{ caseId: number; stepIds: number[] }>;
  get<T>(path: string): Promise<T>;
  close(): Promise<void>;
}

/** The whole server on a free port, with a database and artifacts of its own. */
export async function startApp(
  environment: Record<string, string> = {},
  overrides: Overrides = {},
): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  const databaseUrl = environment["DATABASE_URL"] ?? (await databaseUrlIn(folder));
  const remove = async () => {
    if (environment["DATABASE_URL"] === undefined) await dropDatabase(databaseUrl);
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const config = parseConfig({
      PORT: "0",
      DATABASE_URL: databaseUrl,
      ARTIFACTS_DIR: join(folder, "artifacts"),
      ...environment,
    });
    const app = await buildApp(config, silentLog, overrides);
    const { host: address } = new URL(await app.listen());
    return {
      app,
      address,
      databaseUrl,
      createCase: (steps) => createCase(address, steps),
      get: (path) => getJson(address, path),
      async close() {
        await ended("the server", app.close());
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Creates a case with these scripts through REST. */
export async function createCase(
  address: string,
  steps: (object[] | string | null)[],
): Promise<{ caseId: number; stepIds: number[] }> {
  const body = {
    name: "Case",
    steps: steps.map((script, index) => ({
      step_number: index + 1,
      description: `Step ${index + 1}`,
      expected_result: `Result ${index + 1}`,
      selenium_script_json: script,
    })),
  };
  const response = await fetch(`http://${address}/api/test-cases`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  const created = (await response.json()) as { id: number; steps: { id: number }[] };
  return { caseId: created.id, stepIds: created.steps.map(({ id }) => id) };
}

export async function getJson<T>(address: string, path: string): Promise<T> {
  const response = await fetch(`http://${address}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

/** Every event of a run that is stored, in order, as the server documents them. */
export async function storedEvents<T>(address: string, runId: string): Promise<T[]> {
  const response = await fetch(`http://${address}/api/runs/${runId}/events`);
  if (!response.ok) throw new Error(`the events of run ${runId}: ${response.status}`);
  const lines = (await response.text()).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as T);
}
