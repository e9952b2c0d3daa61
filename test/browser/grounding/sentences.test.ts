import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ground } from "../../../src/generation/grounding/ground.js";
import { readTexts } from "../../../src/generation/plain-english/description.js";
import type { Command, Script } from "../../../src/protocol/commands.js";
import { takeSnapshot } from "../../../src/runner/snapshot/take-snapshot.js";
import { browsing } from "../../support/browsing.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

let site: TinySite;
beforeAll(async () => {
  site = await startTinySite({ "/": (query) => query.get("html") ?? "" });
});
afterAll(() => site.close());

const rows = (...names: string[]) =>
  names.map((name) => `<tr><td>${name}</td><td><button>Edit</button></td></tr>`).join("");
const table = (...names: string[]) => `<table><tbody>${rows(...names)}</tbody></table>`;
const part = (isOpen: boolean, listens = true) =>
  `<button aria-expanded="${isOpen}"${listens ? ` onclick="ariaExpanded = ariaExpanded !== 'true'"` : ""}>Details</button>`;
const list = (...names: string[]) => `<ul>${names.map((name) => `<li>${name}</li>`).join("")}</ul>`;
const fields = (...errors: string[]) =>
  `<table>${["street", "city"]
    .map((name, at) => `<tr><td>${name}:</td><td><input name="${name}"> <i>${errors[at] ?? ""}</i></td></tr>`)
    .join("")}</table>`;
const radio = (...checked: string[]) =>
  ["Everybody", "Nobody"]
    .map(
      (name) =>
        `<label><input type="radio" name="see"${checked.includes(name) ? " checked" : ""}>${name}</label>`,
    )
    .join("");

/** A sentence, a page of which it is true, and one that looks alike and of which it is not. */
type Example = [sentence: string, page: string, other: string];

const BLIND: Example[] = [
  [`The "Users" page is displayed`, "<h1>Users</h1>", `<nav><a href="#">Users</a></nav><h1>Groups</h1>`],
  [`I should see "Bob" in the second row`, table("Ada", "Bob"), table("Bob", "Ada")],
  [`I should see "Bob" in the last row`, table("Ada", "Bob"), table("Ada", "Bob") + table("Bob")],
  [`Expand the "Details" section`, part(false), part(false, false)],
  [`Collapse the "Details" section`, part(true), part(true, false)],
  [
    `The users are listed in this order: "Ada", "Bob", "Cy"`,
    list("Ada", "Bob", "Cy"),
    `${list("Ada", "Cy", "Bob")}<script>["Ada", "Bob", "Cy"]</script>`,
  ],
  [
    `The error "It is required" is displayed next to the City field`,
    fields("", "It is required"),
    fields("It is required", ""),
  ],
];

const GROUNDED: Example[] = [
  [`The total shows "$29.97"`, `<p id="sum">Total: $29.97</p>`, `<p id="sum">Total: $129.97</p>`],
  [`The item total is "$9.99"`, `<p id="sum">Item total: $9.99</p>`, `<p id="sum">Item total: $10.99</p>`],
  [`The first item is "One"`, list("One", "Two"), list("Two", "One")],
  [`There are 2 items`, list("One", "Two"), list("One", "Two", "Three")],
  [`"Bob" is shown in the table`, table("Ada", "Bob"), `${table("Ada", "Cy")}<p>Bob</p>`],
  [`"Everybody" is selected`, radio("Everybody"), radio("Nobody")],
  [`"Nobody" is selected`, radio("Nobody"), `<div hidden>${radio("Nobody")}</div>`],
  [
    `The "Delete account" button is disabled`,
    `<button disabled>Delete account</button>`,
    `<div hidden><button disabled>Delete account</button></div>`,
  ],
  [
    `The dialog is displayed`,
    `<dialog open aria-label="Contact">Name</dialog>`,
    `<dialog aria-label="Contact">Name</dialog>`,
  ],
];

describe("a sentence is true of its page alone", () => {
  const browser = browsing("cdp", { isShared: true });
  const opening = (html: string): Command => ({
    action: "navigate",
    url: `${site.url}/?html=${encodeURIComponent(`<!doctype html><title>App</title>${html}`)}`,
  });
  const { signal } = new AbortController();

  const isTold = async ([, page, other]: Example, commands: Script) => {
    await browser.pass(opening(page), ...commands);
    const { outcome } = await browser.run([opening(other), ...commands], { commandTimeoutMs: 400 });
    expect(outcome).toMatchObject({ verdict: "failed" });
  };

  test.for(BLIND)("without a look at it: %s", async (example) => {
    const clauses = await readTexts({ description: example[0], expectedResult: "" }, signal);
    expect(clauses.flatMap(({ warnings }) => warnings)).toEqual([]);
    await isTold(
      example,
      clauses.flatMap(({ meaning }) => meaning.commands),
    );
  });

  test.for(GROUNDED)("on the open page: %s", async (example) => {
    await browser.pass(opening(example[1]));
    const snapshot = await takeSnapshot(browser.session.page, {
      signal: AbortSignal.timeout(20_000),
      mask: (text) => text,
    });
    const commands = ground(example[0], snapshot).flatMap((clause) => {
      if (clause.kind === "unresolved") throw new Error(clause.reason);
      return clause.commands;
    });
    await isTold(example, commands);
  });
});
