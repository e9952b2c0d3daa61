import type { Command, Locator, Script, Target } from "../../protocol/commands.js";
import type { PageSnapshot, SeenNode } from "../../runner/ports.js";
import type { DescribedElement, Intent, Sight } from "../plain-english/described-element.js";
import {
  clickTarget,
  fieldTarget,
  fileFieldTarget,
  listTarget,
  thingTarget,
  tickedTarget,
} from "../plain-english/finding.js";
import { adapted } from "./adapting.js";
import { inFrame } from "./frames.js";
import { targetOf } from "./locators.js";
import { resolve, type Resolution } from "./resolve.js";
import { SnapshotIndex } from "./snapshot-index.js";
import { listed } from "./telling.js";

/** Commands for the page that is open, or why a part of them cannot be told. */
export type Grounded = { kind: "commands"; commands: Script; elements: readonly SeenNode[] } | Unresolved;

export interface Unresolved {
  kind: "unresolved";
  /** `words`: no rule reads them. `several`: more than one element fits. `none`: the page does not show it. */
  cause: "words" | "several" | "none";
  /** In words for the author, as a clause. */
  reason: string;
  /** The elements that may be meant, or the likest that there are, in words. */
  candidates: readonly string[];
}

/** A mark that no locator of an author has: the number of what was asked for stands behind it. */
const ASKED = "\uFDE0";

/**
 * Stands in for an open page while a sentence is read. Rules try many readings, so that elements are only looked for once
 * it is known which of them the sentence is about.
 */
export class PageSight implements Sight {
  readonly index: SnapshotIndex;
  readonly #asked: { target: DescribedElement; intent: Intent }[] = [];

  constructor(snapshot: PageSnapshot) {
    this.index = new SnapshotIndex(snapshot);
  }

  targetFor(target: DescribedElement, intent: Intent): Target {
    const number = this.#asked.push({ target, intent }) - 1;
    return { locator_type: "id", locator_value: `${ASKED}${number}` };
  }

  /** Puts the page's own elements into the commands that a sentence was read as. */
  ground(commands: Script): Grounded {
    const grounded: Command[] = [];
    const elements: SeenNode[] = [];
    for (const command of commands) {
      const one = this.#groundOne(command);
      if (one.kind === "unresolved") return one;
      grounded.push(...one.commands);
      elements.push(...one.elements);
    }
    return { kind: "commands", commands: grounded, elements };
  }

  #groundOne(command: Command): Grounded {
    if (command.action === "drag_and_drop") return this.#drag(command);
    const asked = this.#askedBy(command as Partial<Locator>); // Some commands have no locator.
    if (asked === undefined) return { kind: "commands", commands: [command], elements: [] };
    const { target } = asked;
    const intent = intentOf(command, asked.intent);
    const resolution = this.#resolve(target, intent, command);
    if (resolution.kind !== "found") {
      return command.action.startsWith("verify_") && isLeftOpen(command, resolution)
        ? {
            kind: "commands",
            commands: [withTarget(command, blindTarget(target, asked.intent))],
            elements: [],
          }
        : unresolved(target, resolution, this.index);
    }
    const { node } = resolution;
    const locators = isOfSight(command) ? resolution.locators.filter(isByLook) : resolution.locators;
    const found = targetOf(locators) ?? blindTarget(target, asked.intent);
    const done = adapted(withTarget(command, found), { node, target: found, index: this.index });
    if (isOfState(command) && !node.states.includes("unseen"))
      done.unshift({ action: "verify_visible", ...found });
    return { kind: "commands", commands: inFrame(done, node, this.index.snapshot), elements: [node] };
  }

  #drag(command: Extract<Command, { action: "drag_and_drop" }>): Grounded {
    const ends = [command, command.to].map((end) => (end === undefined ? undefined : this.#askedBy(end)));
    const found = ends.map((end) => end && { ...end, resolution: resolve(end.target, this.index, "point") });
    const lost = found.find((end) => end !== undefined && end.resolution.kind !== "found");
    if (lost !== undefined && lost.resolution.kind !== "found")
      return unresolved(lost.target, lost.resolution, this.index);
    const nodes = found.flatMap((end) => (end?.resolution.kind === "found" ? [end.resolution] : []));
    const [from, to] = found.map((end) =>
      end?.resolution.kind === "found" ? end.resolution.locators : undefined,
    );
    const source = from && targetOf(from);
    const place = to?.[0];
    const moved = {
      ...(source === undefined ? command : withTarget(command, source)),
      ...(place && { to: place }),
    };
    return { kind: "commands", commands: [moved as Command], elements: nodes.map(({ node }) => node) };
  }

  /** A value is typed into a list by choosing it there. */
  #resolve(target: DescribedElement, intent: Intent, command: Command): Resolution {
    const first = resolve(target, this.index, intent);
    if (first.kind !== "missing" || command.action !== "input") return first;
    const list = resolve(target, this.index, "select");
    return list.kind === "found" && list.node.options !== undefined ? list : first;
  }

  #askedBy({ locator_value }: Partial<Locator>): { target: DescribedElement; intent: Intent } | undefined {
    return locator_value?.startsWith(ASKED) === true
      ? this.#asked[Number(locator_value.slice(1))]
      : undefined;
  }
}

/** A click is for what takes one; to be pointed at or looked at, anything will do. */
function intentOf({ action }: Command, intent: Intent): Intent {
  if (intent !== "click") return intent;
  if (action.startsWith("verify_")) return "see";
  return /^(?:hover|double_click|right_click)$/.test(action) ? "point" : intent;
}

/** Checks that say of something that it can be seen: they have to fail where it is another thing that is there. */
function isOfSight({ action }: Command): boolean {
  return action === "verify_visible" || action === "verify_element_present";
}

/** Checks that hold of what is out of sight, too, where a person who makes them looks at it. */
function isOfState({ action }: Command): boolean {
  return /^verify_(?:checked|enabled|editable|value|selected)$/.test(action);
}

/** True for a locator that says what people see. */
export function isByLook({ locator_type, locator_name, within }: Locator): boolean {
  if (within !== undefined && !isByLook(within) && within.locator_type !== "xpath") return false;
  return locator_type === "role"
    ? locator_name !== undefined
    : /^(?:label|text|placeholder|alt|title)$/.test(locator_type);
}

/** A check may be of what is not there; whether one of several can be seen is told by any of them. */
function isLeftOpen(command: Command, resolution: Resolution): boolean {
  return isOfSight(command) || (resolution.kind === "missing" && command.action === "verify_text");
}

function withTarget(command: Command, target: Target): Command {
  // Both have the fields of a locator; the compiler does not see that through the union of all commands.
  return { ...command, ...target };
}

const BLIND: Record<Intent, (target: DescribedElement) => Target> = {
  click: clickTarget,
  see: clickTarget,
  type: fieldTarget,
  select: listTarget,
  tick: tickedTarget,
  upload: fileFieldTarget,
  point: thingTarget,
};

/** The target as it is found where no page is open. */
function blindTarget(target: DescribedElement, intent: Intent): Target {
  const blind = { ...target };
  delete blind.sight;
  return BLIND[intent](blind);
}

export function unresolved(
  { words }: Pick<DescribedElement, "words">,
  resolution: Exclude<Resolution, { kind: "found" }>,
  index: SnapshotIndex,
): Unresolved {
  if (resolution.kind === "ambiguous") {
    const candidates = listed(resolution.candidates, index);
    const reason = `“${words}” may be one of ${candidates.length}: ${candidates.join("; ")}; say which, such as by its row, its section or its number`;
    return { kind: "unresolved", cause: "several", reason, candidates };
  }
  const candidates = listed(resolution.nearest, index);
  const nearest = candidates.length === 0 ? "" : `; the likest are ${candidates.join("; ")}`;
  return {
    kind: "unresolved",
    cause: "none",
    reason: `the page shows nothing that is called “${words}”${nearest}`,
    candidates,
  };
}
