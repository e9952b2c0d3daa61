import { lastActFor, nothingSince, requestsSince } from "../evidence.js";
import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { expectationOf, quote, verbOf, type TextExpectation } from "../matching.js";
import type { LastAct, SentRequest } from "../ports.js";
import { waitForQuiet, type Look } from "../quiet.js";
import { describeRequests, sentRequestTest } from "../request-test.js";
import { wholeComparison, type WholeComparison } from "../secrets/whole-comparison.js";

/** Most requests in a message. */
const MOST_NAMED = 10;

type RequestCheck = CommandOf<"wait_for_request"> | CommandOf<"verify_request">;

export const wait_for_request: Executor<"wait_for_request"> = {
  acts: false,
  describe: (command) => `Wait for ${expectedOf(command, command.count ?? 1, "at least")}`,
  expectation: (command) => expectedOf(command, command.count ?? 1, "at least"),
  leavesDialogs: true,
  async execute(command, context) {
    await look(command, context, { least: command.count ?? 1, most: Infinity });
  },
};

export const verify_request: Executor<"verify_request"> = {
  acts: false,
  describe: (command) => `Verify that there was ${expectationOfCheck(command)}`,
  expectation: expectationOfCheck,
  leavesDialogs: true,
  async execute(command, context) {
    const exactly = command.not === true ? 0 : command.count;
    await look(command, context, { least: exactly ?? 1, most: exactly ?? Infinity });
  },
};

function expectationOfCheck(command: CommandOf<"verify_request">): string {
  const { count, not } = command;
  if (not === true || count === 0) return expectedOf(command, 0, "");
  return count === undefined ? expectedOf(command, 1, "at least") : expectedOf(command, count, "exactly");
}

async function look(
  command: RequestCheck,
  context: CommandContext,
  { least, most }: { least: number; most: number },
): Promise<void> {
  const { page, memory, signal, variables } = context;
  const lastAct = lastActFor(command, memory);
  const test = sentRequestTest(command, variables);
  const expectation = bodyOf(command);
  const comparison = expectation && wholeComparison(expectation, variables);
  const ahead = await page.network.refresh(signal);
  await waitForQuiet(
    () => {
      const { requests } = page.records;
      const since = requestsSince(lastAct, requests, ahead);
      const there = since.filter(({ url }) => test.isThere(url));
      const fit = there.filter((request) => test.isSo(request) && hasBody(request, comparison));
      const found = fit.filter(({ status }) => command.status === undefined || status === command.status);
      const list = () =>
        found.length > 0 && found.length > most
          ? `there ${found.length === 1 ? "was" : `were ${found.length}:`} ${listOf(found, comparison)}`
          : whatThereWas({ there, since, all: requests, lastAct }, comparison);
      return judge({ found, fit, least, most, isAnswered: command.status !== undefined }, list);
    },
    (until) => page.network.changed(until),
    { ...context, quietMs: most === Infinity ? 0 : undefined },
  );
}

interface Found {
  found: readonly SentRequest[];
  /** Those that may yet be answered as expected. */
  fit: readonly SentRequest[];
  least: number;
  most: number;
  /** True when the answer counts. */
  isAnswered: boolean;
}

function judge({ found, fit, least, most, isAnswered }: Found, list: () => string): Look {
  if (found.length > most) return { wrong: list(), isFinal: true };
  if (found.length < least) return { wrong: list() };
  const open = fit.find(({ status, error }) => status === undefined && error === undefined);
  if (most === Infinity || !isAnswered || open === undefined) return { wrong: undefined };
  return { wrong: `there is no answer yet to ${nameOf(open)}` };
}

/** @throws Error when the body is not known, so that nobody can say what it held */
function hasBody({ method, url, body }: SentRequest, comparison: WholeComparison | undefined): boolean {
  if (comparison === undefined) return true;
  if (body === undefined)
    throw new Error(
      `the body of ${method} ${url} is not known: it is longer than 64 KiB, or more than a hundred requests came after it`,
    );
  return comparison.isAsExpected(body);
}

function bodyOf({ match, expected_body }: RequestCheck): TextExpectation | undefined {
  return expected_body === undefined ? undefined : expectationOf({ match }, "contains", expected_body);
}

function expectedOf(command: RequestCheck, count: number, how: string): string {
  const number =
    count === 0 ? "no " : count === 1 && how === "at least" ? "at least one of the " : `${how} ${count} `;
  const expectation = bodyOf(command);
  const answered = command.status === undefined ? "" : ` answered with ${command.status}`;
  const body = expectation === undefined ? "" : ` whose body ${verbOf(expectation)}`;
  return `${number}${describeRequests(command)}${answered}${body}`;
}

function whatThereWas(
  {
    there,
    since,
    all,
    lastAct,
  }: {
    there: readonly SentRequest[];
    since: readonly SentRequest[];
    all: readonly SentRequest[];
    lastAct: LastAct | undefined;
  },
  comparison: WholeComparison | undefined,
): string {
  if (there.length > 0) return `there was only ${listOf(there, comparison)}`;
  if (since.length > 0) return `there was only ${listOf(since, undefined)}`;
  const older = all.at(-1);
  return nothingSince("no request was sent", lastAct, older && nameOf(older));
}

function listOf(requests: readonly SentRequest[], comparison: WholeComparison | undefined): string {
  const named = requests.slice(-MOST_NAMED).map((request) => {
    const { body } = request;
    const sent =
      comparison === undefined || body === undefined
        ? ""
        : ` with the body ${quote(body)}${comparison.note(body)}`;
    return `${nameOf(request)}${sent}`;
  });
  const more = requests.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more before` : ""}`;
}

/** Longest address in a message, in characters. */
const SHOWN = 300;

function nameOf({ method, url, status, error }: SentRequest): string {
  const shown = url.length > SHOWN ? `${url.slice(0, SHOWN)}…` : url;
  return `${method} ${shown} (${status ?? error ?? "no answer yet"})`;
}
