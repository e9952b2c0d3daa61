/**
 * Calls of axe-core, where a document has it. Nothing goes from frame to frame inside the page, where an application
 * could answer in place of axe-core: each frame is looked into by itself.
 * https://github.com/dequelabs/axe-core/blob/develop/doc/run-partial.md
 */
import type {} from "../main.ts";
import type { AccessibilityRequest, FramePart, Findings } from "../accessibility-requests.ts";

type Selector = string | string[];

interface AxeResult {
  id: string;
  impact: string | null;
  help: string;
  helpUrl: string;
  tags: string[];
  nodes: { target: Selector[]; html: string; failureSummary?: string }[];
}

interface Axe {
  version: string;
  getRules: () => { ruleId: string; tags: string[] }[];
  runPartial: (context: unknown, options: object) => Promise<object>;
  finishRun: (
    partials: unknown[],
    options: object,
  ) => Promise<{ violations: AxeResult[]; incomplete: AxeResult[] }>;
  teardown?: () => void;
  utils: {
    getFrameContexts: (
      context: unknown,
      options: object,
    ) => { frameSelector: Selector; frameContext: unknown }[];
    shadowSelect: (selector: Selector) => Element | null;
  };
}

/** The state between the calls in one document. */
interface Kept {
  axe: Axe;
  frames: { frameSelector: Selector; frameContext: unknown }[];
  partial?: object;
}

declare global {
  var stepwireAxe: Kept | undefined;
}

/** Most elements of one rule that are kept, and the longest text of each, in characters. */
const MAX_ELEMENTS = 100;
const MAX_TEXT = 500;

/** An element of the page may have the name, and would be found by it like a variable of the window. */
function kept(): Kept | undefined {
  return Object.hasOwn(globalThis, "stepwireAxe") ? globalThis.stepwireAxe : undefined;
}

/**
 * Looks into one document.
 *
 * @param argument an {@link AccessibilityRequest} as JSON
 * @returns a {@link FramePart} as JSON; empty where axe-core has to be put here first
 */
export async function lookForProblems(argument: string): Promise<string> {
  const here = kept();
  if (here === undefined) return "";
  const { axe } = here;
  const request = JSON.parse(argument) as AccessibilityRequest;
  const wrong = request.context === undefined ? whyNoRules(axe, request) : undefined;
  if (wrong !== undefined) return answer({ wrong });
  const context = request.context ?? ownContext(request);
  const options = optionsOf(request);
  here.frames = axe.utils.getFrameContexts(context, options);
  here.partial = await axe.runPartial(context, options);
  const frames = here.frames.map(({ frameSelector, frameContext }) => ({
    name: frameSelector.toString(),
    context: frameContext,
  }));
  return answer({ frames, ...(request.context !== undefined && { partial: here.partial }) });
}

function answer(part: FramePart): string {
  return JSON.stringify(part);
}

function ownContext({ isPart, exclude }: AccessibilityRequest): unknown {
  const part = isPart ? globalThis.stepwirePage?.heldElement() : undefined;
  return { include: [part ?? document], exclude: exclude.map((selector) => [selector]) };
}

function optionsOf({ tags, rules, ignore }: AccessibilityRequest): object {
  const only = rules ? { type: "rule", values: rules } : tags && { type: "tag", values: tags };
  return {
    ...(only && { runOnly: only }),
    rules: Object.fromEntries(ignore.map((id) => [id, { enabled: false }])),
    resultTypes: ["violations", "incomplete"],
    preload: false, // No style sheets are fetched once more.
    performanceTimer: false,
  };
}

/** A name that axe-core does not know would check nothing, and pass. */
function whyNoRules(axe: Axe, { tags = [], rules = [], ignore }: AccessibilityRequest) {
  const known = axe.getRules();
  const ids = new Set(known.map(({ ruleId }) => ruleId));
  const allTags = new Set(known.flatMap((rule) => rule.tags));
  const strangeRule = [...rules, ...ignore].find((id) => !ids.has(id));
  if (strangeRule !== undefined) return `axe-core ${axe.version} has no rule ${JSON.stringify(strangeRule)}`;
  const strangeTag = tags.find((tag) => !allTags.has(tag));
  if (strangeTag !== undefined) {
    const there = Array.from(allTags).filter((tag) => /^(wcag\d+a+|best-practice|section508)$/.test(tag));
    return `axe-core ${axe.version} has no rule with the tag ${JSON.stringify(strangeTag)}; there are ${there.sort().join(", ")} and others`;
  }
  return undefined;
}

/** The frame of a number that {@link lookForProblems} has named. */
export function frameOfProblems(index: number): Element | null {
  const here = kept();
  const frame = here?.frames[index];
  return here && frame ? here.axe.utils.shadowSelect(frame.frameSelector) : null;
}

/**
 * Puts together what was found in this document and in its frames.
 *
 * @param argument the request and the frames' partial results, in the order of the frames, as JSON
 * @returns {@link Findings} as JSON
 */
export async function findingsOfProblems(argument: string): Promise<string> {
  const here = kept();
  if (here?.partial === undefined) return "";
  const { request, partials } = JSON.parse(argument) as {
    request: AccessibilityRequest;
    partials: unknown[];
  };
  const { violations, incomplete } = await here.axe.finishRun(
    [here.partial, ...partials],
    optionsOf(request),
  );
  delete here.partial;
  const findings: Findings = {
    engine: `axe-core ${here.axe.version}`,
    violations: violations.map(findingOf),
    incomplete: incomplete.map(findingOf),
  };
  return JSON.stringify(findings);
}

function findingOf({ id, impact, help, helpUrl, tags, nodes }: AxeResult): Findings["violations"][number] {
  const elements = nodes.slice(0, MAX_ELEMENTS).map(({ target, html, failureSummary = "" }) => ({
    target: cut(target.map((part) => (typeof part === "string" ? part : part.join(" >>> "))).join(" | ")),
    html: cut(html),
    why: cut(failureSummary),
  }));
  return { rule: id, impact, help: cut(help), help_url: helpUrl, tags, count: nodes.length, elements };
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
