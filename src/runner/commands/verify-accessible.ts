import { setTimeout as delay } from "node:timers/promises";
import { IMPACTS } from "../../protocol/commands/appearance.js";
import type { CommandOf } from "../../protocol/commands.js";
import { examine } from "../accessibility/examine.js";
import type { CommandContext, Executor } from "../executor.js";
import { find, NotSatisfied } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { targetIn } from "../optional-target.js";
import type { AccessibilityRequest, Finding, Findings } from "../page/accessibility-requests.js";
import { isDocumentReplaced } from "../ports.js";
import { shortened } from "../shortened.js";

/** Time that axe-core may take in a large page with frames, in milliseconds; usually 50 to 500. */
const EXAMINING_MS = 60_000;

/** Pause before a page with problems is looked at once more, in milliseconds: it may just be changing. */
const SETTLING_MS = 500;

/** Rules and elements that a message names, and the longest name of an element, in characters. */
const NAMED_RULES = 10;
const NAMED_ELEMENTS = 3;
const LONGEST_NAME = 120;

type Command = CommandOf<"verify_accessible">;

export const verify_accessible: Executor<"verify_accessible"> = {
  acts: false,
  describe: (command) => `Verify that ${placeOf(command)} is accessible`,
  expectation: ({ impact }) =>
    impact === undefined || impact === "minor"
      ? "no accessibility problem"
      : `no accessibility problem of the impact ${impact}${impact === "critical" ? "" : " or worse"}`,
  atOnce: true,
  workMs: () => EXAMINING_MS,
  async execute(command, context) {
    const findings = await settledFindings(command, context);
    const { violations, incomplete } = findings;
    if (violations.length + incomplete.length > 0) {
      const bytes = Buffer.from(await context.variables.maskLong(`${JSON.stringify(findings, null, 2)}\n`));
      context.keep({ kind: "accessibility", name: undefined, bytes });
    }
    if (incomplete.length > 0) {
      const rules = incomplete.map(({ rule, count }) => `${rule} (${elements(count)})`).join(", ");
      context.log({ level: "info", message: `axe-core leaves to people to judge: ${rules}.` });
    }
    const problems = problemsIn(findings, command);
    if (problems.length > 0) throw new NotSatisfied(describeProblems(problems));
  },
};

function placeOf(command: Command): string {
  const target = targetIn(command);
  return target === undefined ? "the page" : describeLocator(target);
}

/**
 * The findings in a page that has come to rest: a text that is just fading in has too little contrast. Problems count
 * once two looks have found the same.
 */
async function settledFindings(command: Command, context: CommandContext): Promise<Findings> {
  const deadline = performance.now() + context.timeoutMs;
  let before: string | undefined;
  for (;;) {
    const findings = await findingsOf(command, context, deadline);
    const problems = problemsIn(findings, command);
    const seen = JSON.stringify(problems.map(({ rule, elements }) => [rule, elements.map((e) => e.target)]));
    if (problems.length === 0 || seen === before || performance.now() >= deadline) return findings;
    before = seen;
    await delay(SETTLING_MS, undefined, { signal: context.signal });
  }
}

async function findingsOf(command: Command, context: CommandContext, deadline: number): Promise<Findings> {
  const { page, signal, log } = context;
  const target = targetIn(command);
  if (page.isExposed === true) {
    const message = "The page shares its world with axe-core here, and could change what is found.";
    log({ level: "warning", message });
  }
  const request: AccessibilityRequest = {
    isPart: target !== undefined,
    exclude: command.exclude ?? [],
    tags: command.tags,
    rules: command.rules,
    ignore: command.ignore_rules ?? [],
  };
  for (;;) {
    try {
      if (target !== undefined) {
        const timeoutMs = Math.max(deadline - performance.now(), 0);
        await find({ until: "held", target: targetOf(target), timeoutMs }, context);
      }
      for (const value of request.exclude) await refuseProbe(value, context);
      return await examine(page, request, signal);
    } catch (error) {
      if (!isDocumentReplaced(error) || performance.now() >= deadline) throw error;
    }
  }
}

/** @throws as `find`, where the selector is none, or asks for a part of a secret that was typed in the page */
async function refuseProbe(value: string, context: CommandContext): Promise<void> {
  const target = { locator: { type: "css", value } } as const;
  await find({ until: "read", reading: { what: "count" }, target, timeoutMs: 0 }, context);
}

function problemsIn({ violations }: Findings, { impact = "minor" }: Command): Finding[] {
  const least = IMPACTS.indexOf(impact);
  // A problem of which nobody says how bad it is counts.
  return violations.filter(
    (finding) => finding.impact === null || IMPACTS.findIndex((each) => each === finding.impact) >= least,
  );
}

function describeProblems(problems: readonly Finding[]): string {
  const worstFirst = problems.toSorted((one, other) => weightOf(other) - weightOf(one));
  const named = worstFirst.slice(0, NAMED_RULES).map(describeProblem);
  const others = problems.length - named.length;
  const rest = others > 0 ? [`and ${others} more`] : [];
  return `axe-core finds ${problems.length === 1 ? "one" : problems.length}: ${[...named, ...rest].join("; ")}`;
}

function weightOf({ impact }: Finding): number {
  return IMPACTS.findIndex((each) => each === impact);
}

function describeProblem({ rule, impact, count, help, elements: found }: Finding): string {
  const first = found.slice(0, NAMED_ELEMENTS).map(({ target }) => shortened(target, LONGEST_NAME));
  const more = count > first.length ? ", …" : "";
  return `${rule} (${impact ?? "of unknown impact"}, ${elements(count)}: ${first.join(", ")}${more}): ${help}`;
}

function elements(count: number): string {
  return count === 1 ? "one element" : `${count} elements`;
}
