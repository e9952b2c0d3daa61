import { z } from "zod";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { ImportError } from "../../cases/import.js";
import type { CaseFileContent } from "../../formats/yaml/read.js";
import { readCaseFile } from "../../formats/yaml/read.js";
import { CommandError } from "../command-context.js";
import { serverAddress } from "../server-address.js";
import type { StoredCases } from "./content.js";

/** Longest wait for a server's answer, in milliseconds. */
const ANSWER_MS = 120_000;

const Place = z.object({ file: z.string(), line: z.int(), column: z.int() });
const Imported = z.object({
  changes: z.array(
    z.object({
      kind: z.enum(["created", "changed", "deleted", "unchanged", "extra"]),
      what: z.enum(["test_case", "environment"]),
      slug: z.string().nullable(),
      name: z.string(),
      fields: z.array(z.string()),
    }),
  ),
});
const Refused = z.object({
  error: z.object({ message: z.string(), faults: z.array(Place.extend({ message: z.string() })).optional() }),
});

/** The cases of a server, over REST. */
export function casesOfServer(server: string, token: string | undefined): StoredCases {
  const base = serverAddress(server);
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      "content-type": "application/json",
    };
    try {
      return await fetch(new URL(path, base), { ...init, headers, signal: timeoutSignal(ANSWER_MS) });
    } catch (error) {
      const { cause = error } = error as Error;
      const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : "";
      throw new CommandError(`The server ${server} does not answer (${reason}); start it, or name another.`);
    }
  };
  return {
    async import(content, { mode, prune = false, dryRun }) {
      const { body, places } = toBody(content);
      const query = new URLSearchParams({ mode, prune: String(prune), dry_run: String(dryRun) });
      const answer = await request(`/api/import?${query.toString()}`, { method: "POST", body });
      if (answer.ok) return Imported.parse(await answer.json()).changes;
      const refusal = await refusalOf(answer, server);
      if (refusal.faults === undefined) throw new CommandError(refusal.message);
      throw new ImportError(
        refusal.faults.map(({ message, ...at }) => ({ ...at, ...places.get(at.line), message })),
      );
    },
    async export({ ids, tags }) {
      const query = new URLSearchParams({ format: "json" });
      if (ids !== undefined) query.set("ids", ids.join(","));
      if (tags !== undefined) query.set("tags", tags.join(","));
      const answer = await request(`/api/export?${query.toString()}`);
      if (!answer.ok) throw new CommandError((await refusalOf(answer, server)).message);
      const reading = readCaseFile(await answer.text(), { file: `${server}/api/export` });
      if ("errors" in reading) throw new ImportError(reading.errors);
      const { cases, environments } = reading;
      return {
        cases: cases.map(({ testCase }) => testCase),
        environments: environments.map(({ environment }) => environment),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** A case file with each case and environment on a line of its own, and where in the files each of them is from. */
function toBody({ cases, environments }: CaseFileContent) {
  const places = new Map<number, { file: string; line: number; column: number }>();
  const lines: string[] = [];
  const add = (
    value: object,
    { file, place }: CaseFileContent["cases"][number] | CaseFileContent["environments"][number],
    comma: boolean,
  ) => {
    lines.push(JSON.stringify(value) + (comma ? "," : ""));
    places.set(lines.length, { file, ...place });
  };
  lines.push('{"environments":[');
  environments.forEach((item, index) => {
    add(item.environment, item, index < environments.length - 1);
  });
  lines.push('],"cases":[');
  cases.forEach((item, index) => {
    add(item.testCase, item, index < cases.length - 1);
  });
  lines.push("]}");
  return { body: lines.join("\n"), places };
}

async function refusalOf(answer: Response, server: string) {
  const text = await answer.text();
  const refused = Refused.safeParse(parseJson(text));
  if (!refused.success)
    return {
      message: `${server} answers with ${answer.status}, as no Stepwire server does.`,
      faults: undefined,
    };
  const { message, faults } = refused.data.error;
  return { message: answer.status === 401 ? `${message} Set STEPWIRE_TOKEN.` : message, faults };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
