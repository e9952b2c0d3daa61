import type { Command, Script } from "../../protocol/commands.js";
import type { PageSnapshot, SeenNode } from "../../runner/ports.js";
import { escaped } from "../plain-english/state-checks.js";
import { targetOf } from "./locators.js";

/** Longest text that is offered as a check, in characters. */
const MAX_OFFERED = 80;

const NOTE = { description: "Seen afterwards, and not written by the author" };

/**
 * Checks of what a page shows that it did not show before. They are offered to the author, who has not written them:
 * none may make a step green by itself.
 */
export function seenAfterwards(before: PageSnapshot, after: PageSnapshot): Script {
  const known = new Set(before.nodes.map(keyOf));
  const shown = after.nodes.filter(
    (node) =>
      node.name !== "" &&
      node.name.length <= MAX_OFFERED &&
      !node.name.includes("***") &&
      !known.has(keyOf(node)),
  );
  const heading = shown.find(({ role }) => role === "heading");
  const message = messagesIn(after).find((node) => shown.includes(node));
  const leaving = shown.find(
    ({ role, name }) => /^(?:link|button|menuitem)$/.test(role) && LEAVES.test(name),
  );
  const leavingTarget = leaving && targetOf(leaving.locators);
  const checks: (Command | undefined)[] = [
    addressCheck(before.url, after.url),
    heading && {
      action: "verify_visible",
      locator_type: "role",
      locator_value: "heading",
      locator_name: heading.name,
    },
    message && { action: "verify_visible", locator_type: "text", locator_value: message.name },
    leavingTarget && { action: "verify_visible", ...leavingTarget },
  ];
  return checks.flatMap((check) => (check === undefined ? [] : [{ ...check, ...NOTE }]));
}

/** A control that nobody sees who is not logged in. */
const LEAVES = /^(?:log|sign) ?(?:out|off)\b/i;

function keyOf({ role, name }: SeenNode): string {
  return `${role} ${name}`;
}

/** Texts that the page tells its users at once. */
export function messagesIn({ nodes }: PageSnapshot): SeenNode[] {
  const byRef = new Map(nodes.map((node) => [node.ref, node]));
  return nodes.filter(
    ({ kind, parent = "" }) => kind === "text" && /^(?:alert|status)$/.test(byRef.get(parent)?.role ?? ""),
  );
}

/** The address as a pattern: another server has another host, and another run another id. */
function addressCheck(before: string, after: string): Command | undefined {
  const [from, to] = [partsOf(before), partsOf(after)];
  if (to === undefined || (from?.path === to.path && from.route === to.route)) return undefined;
  const path = to.path.split("/").map(asPattern).join("/");
  const end = to.route === "" ? "([?#]|$)" : `(\\?[^#]*)?${to.route.split("/").map(asPattern).join("/")}$`;
  return { action: "verify_url", expected_url: `^https?://[^/]+${path}${end}`, match: "regex" };
}

/** `route`: the part behind `#` by which pages in one document are told apart. */
function partsOf(address: string): { path: string; route: string } | undefined {
  if (!/^https?:/.test(address) || address.includes("***") || !URL.canParse(address)) return undefined;
  const { pathname: path, hash } = new URL(address);
  return { path, route: /^#!?\//.test(hash) ? hash : "" };
}

const ID = /^(?:\d+|[\da-f-]{16,})$/i;

function asPattern(part: string): string {
  return ID.test(part) ? "[^/?#]+" : escaped(part);
}
