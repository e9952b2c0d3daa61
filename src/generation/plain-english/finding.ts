import type { Locator, Target } from "../../protocol/commands.js";
import { byRole } from "./locating.js";
import * as locators from "./locators.js";
import { nameOf, type Name } from "./names.js";
import { kindOf, type TargetKind } from "./kinds.js";
import type { DescribedElement, Intent } from "./described-element.js";

const { toTarget } = locators;

/** Most locators of an element that are looked for in each of the containers that it may be in. */
const MAX_LOCATORS_WITHIN = 5;

/** The element itself, where the page is open and nothing else tells how it is found. */
function seen(target: DescribedElement, intent: Intent): Target | undefined {
  return isSpelledOut(target) ? undefined : target.sight?.targetFor(target, intent);
}

/** True where the author wrote a locator; a role and a number only say what is known of the words. */
function isSpelledOut({ locator }: DescribedElement): boolean {
  return locator !== undefined && locator.locator_type !== "role";
}

/** Adds to the locators of an element in which part of the page it is, and which of several. */
function placed(target: DescribedElement, found: Target): Target {
  const { within, nth, isLoose } = target;
  const number = nth === undefined ? {} : { nth };
  // A place that no locator says must not be lost where it would decide between several elements.
  const only = isLoose === true && nth === undefined ? { strict: true } : {};
  if (within === undefined) {
    if (nth === undefined) return { ...found, ...only };
    return toTarget(listOf(found).map((one) => ({ ...one, ...number })));
  }
  const some = listOf(found).slice(0, MAX_LOCATORS_WITHIN);
  const inside = within.flatMap((container) => some.map((one) => ({ ...one, ...number, within: container })));
  return { ...toTarget(inside), ...only };
}

function listOf({ alternatives = [], ...first }: Target): Locator[] {
  return [first, ...alternatives];
}

/** The element that a click on the target goes to. */
export function clickTarget(target: DescribedElement): Target {
  return seen(target, "click") ?? placed(target, clickable(target));
}

function clickable(target: DescribedElement): Target {
  const { kind, locator } = target;
  if (locator !== undefined) return locator;
  const name = spelled(target);
  const fullName = nameOf(target.fullName, target);
  switch (kind) {
    case "button":
      return toTarget(locators.buttonLocators(name));
    case "link":
      return toTarget(locators.linkLocators(name));
    case "checkbox":
    case "radio":
    case "switch":
      return ticked(target);
    case "field":
      return toTarget(locators.fieldLocators(name));
    case "list":
      return toTarget(locators.listLocators(name));
    case "image":
      return toTarget(locators.imageLocators(name));
    case "heading":
      return toTarget(locators.headingLocators(name));
    case "tab":
    case "option":
      return toTarget(locators.entryLocators(name, kind, fullName));
    case "menu":
      return toTarget(locators.entryLocators(name, "menuitem", fullName));
    case "icon":
      return toTarget(locators.iconLocators(name, fullName));
    case "other":
    case undefined:
      return toTarget(locators.clickableLocators(either(fullName, name)));
  }
}

export function fieldTarget(target: DescribedElement): Target {
  return (
    seen(target, "type") ??
    placed(target, target.locator ?? toTarget(locators.fieldLocators(spelled(target))))
  );
}

export function listTarget(target: DescribedElement): Target {
  return (
    seen(target, "select") ??
    placed(target, target.locator ?? toTarget(locators.listLocators(spelled(target))))
  );
}

/** Something that can be ticked. */
export function tickedTarget(target: DescribedElement): Target {
  return seen(target, "tick") ?? placed(target, ticked(target));
}

function ticked(target: DescribedElement): Target {
  const kind = isTicked(target) ? target.kind : undefined;
  return target.locator ?? toTarget(locators.tickedLocators(spelled(target), kind));
}

export function fileFieldTarget(target: DescribedElement): Target {
  return (
    seen(target, "upload") ??
    placed(target, target.locator ?? toTarget(locators.fileFieldLocators(spelled(target))))
  );
}

/** Something to drag, or to drop it on. */
export function thingTarget(target: DescribedElement): Target {
  const found = seen(target, "point");
  if (found !== undefined) return found;
  return target.kind === undefined && target.locator === undefined
    ? placed(target, toTarget(locators.thingLocators(spelled(target))))
    : clickTarget(target);
}

export function frameTarget(target: DescribedElement): Target {
  return target.locator ?? toTarget(locators.frameLocators(spelled(target)));
}

const ROLES: Partial<Record<TargetKind, string[]>> = {
  button: ["button", "link"],
  link: ["link"],
  checkbox: ["checkbox", "switch"],
  radio: ["radio"],
  switch: ["switch", "checkbox"],
  image: ["img"],
  heading: ["heading"],
  tab: ["tab", "link", "button"],
  menu: ["menuitem", "link", "button"],
  icon: ["button", "link", "img"],
  option: ["option"],
};

/** The target of a check that it is gone; none where nobody could say which element to look for. */
export function goneTarget(target: DescribedElement): Target | undefined {
  const found = gone(target);
  return found && placed(target, found);
}

function gone(target: DescribedElement): Target | undefined {
  const { kind, locator } = target;
  if (locator !== undefined) return locator;
  // "The menu": a word for a kind is no name, and an element that is never found would always be gone.
  if (kind === undefined || kindOf(target.name) !== undefined) return undefined;
  const name = spelled(target);
  if (kind === "field" || kind === "list") return toTarget(locators.anyField(name));
  const roles = ROLES[kind];
  return roles === undefined ? undefined : toTarget(locators.anyRole(name, ...roles));
}

/** The role of elements of a kind, where they have one of their own. */
export function roleOf(kind: TargetKind): string | undefined {
  return kind === "field" ? "textbox" : kind === "list" ? "combobox" : ROLES[kind]?.[0];
}

/** The element that logs out, by its usual names. */
export function logOutTarget(): Target {
  const spellings = ["Log out", "Logout", "Sign out", "Log off"];
  return toTarget([
    ...spellings.slice(0, 3).flatMap((name) => [byRole("link", name), byRole("button", name)]),
    ...spellings.map((name) => ({ ...byRole("menuitem", name), exact: false })),
  ]);
}

/** Tells if a target is of a kind that is ticked and unticked. */
export function isTicked(
  target: DescribedElement,
): target is DescribedElement & { kind: "checkbox" | "radio" | "switch" } {
  return target.kind === "checkbox" || target.kind === "radio" || target.kind === "switch";
}

function spelled(target: DescribedElement): Name {
  return nameOf(target.name, target);
}

/** "Add item" may be an item called Add, or something called "Add item". */
function either(fullName: Name, name: Name): Name {
  return { ...fullName, exact: [...new Set([...fullName.exact, ...name.exact])] };
}
