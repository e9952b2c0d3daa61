import { controlOf, describe } from "./element.ts";
import { fieldOf, prepareField } from "./fields.ts";
import { isKeyProxy } from "./key-proxy.ts";
import type { HostBond, PageLocator, PageRequest, PageResult, Reading } from "./requests.ts";
import { Impossible } from "./results.ts";
import { isInside } from "./tree.ts";

/**
 * The secrets that were typed, and their fields. A field that holds one may be changed until it holds a single letter
 * of it, which no verdict may tell; its value alone does not show where it comes from.
 */
let typed: { field: Element; secrets: readonly string[] }[] = [];

type Typing = Extract<PageRequest, { until: "typeable" }>;

/**
 * As {@link prepareField}, for a text that may come from secrets.
 *
 * @throws Impossible where one of them may not be used
 */
export function typeable(element: Element, { text, secrets = [], bonds = [] }: Typing): PageResult {
  for (const bond of bonds) refuseElsewhere(bond);
  if (secrets.length > 0 && isKeyProxy(element)) {
    // The text is drawn elsewhere, and nobody can say where it must not be read.
    throw new Impossible(`${describe(element)} is a part of an editor; for a secret, name the whole editor`);
  }
  const result = prepareField(element, text);
  if (result.outcome !== "satisfied") return result;
  const field = fieldOf(element);
  typed = typed.filter((other) => other.field !== field && other.field.isConnected);
  if (secrets.length > 0) typed.push({ field, secrets });
  return result;
}

function refuseElsewhere({ hosts, refusal }: HostBond): void {
  // Nobody can say to whom a document without an address of its own belongs.
  const host = /^https?:$/.test(location.protocol) ? location.hostname.replace(/^\[(.*)\]$|\.$/, "$1") : "";
  const isListed = hosts.some((name) =>
    name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name,
  );
  if (host !== "" && isListed) return;
  const where = host === "" ? "a document without a host" : `'${host}'`;
  throw new Impossible(`${refusal}, and this is ${where}; nothing was typed`);
}

/** The secrets that were typed into what is read. */
export function typedInto(element: Element, reading: Reading): readonly string[] {
  if (typed.length === 0 || reading.what === "css" || reading.what === "selected") return [];
  // Other attributes of a field tell whether it is valid, or what it is for.
  if (reading.what === "attribute" && reading.name.toLowerCase() !== "value") return [];
  return typed.flatMap(({ field, secrets }) => (isPartOf(element, field) ? secrets : []));
}

function isPartOf(element: Element, field: Element): boolean {
  if (controlOf(element) === field || isInside(element, field)) return true;
  // Elements around an editable region show its text; those around a field do not.
  return !field.matches("input, textarea") && isInside(field, element);
}

/** A selector that asks for a part of a value; an escape may spell the attribute's name in another way. */
const PART_IN_CSS = /\[\s*(?:[\w*]*\s*\|\s*)?(?:value|[^\]=~|^$*]*\\[^\]=~|^$*]*)\s*[~|^$*]=/i;
/** XPath that does anything with a value but compare it as a whole. */
const PART_IN_XPATH = /(?:@|attribute::)\s*(?:value(?![\w-])(?!\s*=)|\*|node\(\))/i;

/**
 * A page that also keeps a typed text in the attribute would tell a part of a secret by whether an element is found.
 *
 * @throws Impossible when a locator asks for a part of a value in a page where a secret was typed
 */
export function refuseProbes({ type, value, within }: PageLocator): void {
  if (!typed.some(({ field }) => field.isConnected)) return;
  const asks = (type === "css" && PART_IN_CSS.test(value)) || (type === "xpath" && PART_IN_XPATH.test(value));
  if (asks) {
    throw new Impossible(
      "a field of this page was typed from a secret, and the locator asks for a part of a value; compare values as a whole there, or find the element in another way",
    );
  }
  if (within !== undefined) refuseProbes(within);
}

/** @throws Impossible when a secret was typed there: what would be left of it could be read */
export function refuseEdits(element: Element): void {
  if (!typed.some(({ field }) => isPartOf(element, field))) return;
  const allowed = "Enter, Tab, Escape and keys that move";
  throw new Impossible(
    `${describe(element)} was typed from a secret and takes no keys but ${allowed}; type its text anew`,
  );
}

/** As {@link refuseEdits}, for whatever has the focus. @returns why not, or nothing */
export function whyNoEdits(): string {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  try {
    if (focused !== null) refuseEdits(focused);
    return "";
  } catch (error) {
    return error instanceof Impossible ? error.message : "";
  }
}
