import { z } from "zod";
import type { CommandContext } from "../command-context.js";
import { casesOfServer } from "../files/server-content.js";
import { serverToken } from "../server-address.js";
import { ServerRest } from "../server-rest.js";
import type { Generated, GenerateRequest } from "./generated.js";

/** Longest wait for a generation, in milliseconds: on a page it is a whole run. */
const GENERATION_TIMEOUT_MS = 3_600_000;

/** The part of the answer that is needed of it. */
const Made = z.object({
  test_cases: z.array(z.object({ test_case_id: z.int() })),
  warnings: z.array(z.string()),
});

/** Generates on a server, which keeps the cases, and reads them as files have them. */
export async function generateOnServer(
  server: string,
  { description, url, signal }: GenerateRequest,
  { environment, remark }: CommandContext,
): Promise<Generated> {
  const token = serverToken(environment);
  const stored = casesOfServer(server, token);
  const body = { description, ...(url !== undefined && { start_url: url }) };
  const { test_cases: made, warnings } = await new ServerRest(server, token).post(
    "/api/test-cases/generate",
    Made,
    { body, timeoutMs: GENERATION_TIMEOUT_MS, signal },
  );
  const ids = made.map(({ test_case_id: id }) => id);
  remark(`${server} keeps it as test case ${ids.join(", ")}.`);
  const { cases } = await stored.export({ ids });
  return { cases, warnings };
}
