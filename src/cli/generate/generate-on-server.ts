import type { CommandContext } from "../command-context.js";
import { casesOfServer } from "../files/server-content.js";
import { restOf } from "../server-rest.js";
import type { Generated, GenerateRequest } from "./generated.js";

/** Longest wait for a generation, in milliseconds: on a page it is a whole run. */
const GENERATION_TIMEOUT_MS = 3_600_000;

/** Generates on a server, which keeps the cases, and reads them as files have them. */
export async function generateOnServer(
  server: string,
  { description, url, signal }: GenerateRequest,
  { environment, remark }: CommandContext,
): Promise<Generated> {
  const rest = restOf(server, environment);
  const { test_cases: made, warnings } = await rest.cases.generate(
    { description, ...(url !== undefined && { start_url: url }) },
    { timeoutMs: GENERATION_TIMEOUT_MS, signal },
  );
  const ids = made.map(({ test_case_id: id }) => id);
  remark(`${server} keeps it as test case ${ids.join(", ")}.`);
  const { cases } = await casesOfServer(rest).export({ ids });
  return { cases, warnings };
}
