import { pino } from "pino";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterEach, describe, expect, test } from "vitest";
import { createGenerators } from "../../../src/generation/create-generator.js";
import type { PageQuestion, PageReading } from "../../../src/generation/ports.js";
import type { PageSnapshot, SeenNode } from "../../../src/runner/ports.js";
import {
  saysJson,
  says,
  startFakeOpenAi,
  type Answer,
  type ChatRequest,
  type FakeOpenAi,
} from "../../support/fake-openai.js";
import { storedSnapshot } from "../../support/stored-snapshot.js";

const servers: FakeOpenAi[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };
const store = storedSnapshot("store");

/** The ref of the first control of a name. */
function refOf(name: string, snapshot: PageSnapshot = store): string {
  const node = snapshot.nodes.find((one) => one.kind === "control" && one.name === name);
  if (node === undefined) throw new Error(`no control is called ${name}`);
  return node.ref;
}

interface Asked {
  reading: PageReading;
  requests: ChatRequest[];
}

async function ask(
  question: Partial<PageQuestion> & { sentence: string },
  ...answers: Answer[]
): Promise<Asked> {
  const server = await startFakeOpenAi(...answers);
  servers.push(server);
  const { pageReader: reader } = await createGenerators({
    openai: { apiKey: "sk-test", baseURL: server.baseURL, model: "m" },
    secrets: ["s3cret-of-the-server"],
  });
  if (reader === undefined) throw new Error("no reader");
  const asked = { role: "done" as const, snapshot: store, done: [], ...question };
  return { reading: await reader.read(asked, context), requests: server.requests };
}

const answer = (...commands: object[]): Answer =>
  saysJson({
    commands: commands.map((command) => ({ ref: null, text: null, not: null, ...command })),
    reason: null,
  });

const commandsIn = ({ reading }: Asked) => (reading.kind === "commands" ? reading.commands : reading);

describe("a sentence about the open page", () => {
  test("is answered with refs, which become locators that find nothing else", async () => {
    const target = store.nodes.find(({ kind, role }) => kind === "control" && role === "link");
    if (target === undefined) throw new Error("the page has no link");
    const asked = await ask(
      { sentence: "Go where the first of them leads" },
      answer({ action: "click", ref: target.ref }),
    );
    const [first] = target.locators;
    expect(commandsIn(asked)).toMatchObject([{ action: "click", ...first, alternatives: expect.any(Array) }]);
    const [request] = asked.requests;
    expect(request?.response_format).toMatchObject({ type: "json_schema", json_schema: { strict: true } });
    expect(request?.messages[1]?.content).toContain(`${target.ref} link`);
  });

  test.each([
    ["a ref that was not offered", { action: "click", ref: "e9999" }, /There is no ref .e9999/],
    [
      "a command of no such set",
      { action: "navigate", ref: null, text: "https://evil.test" },
      /not of the form/,
    ],
    [
      "a text that the sentence does not say",
      { action: "input", ref: "FIELD", text: "${secret.PASSWORD}" },
      /does not say/,
    ],
    ["a deed on what takes none", { action: "input", ref: "BUTTON", text: "shirts" }, /nobody can input it/],
    ["checks alone for a deed", { action: "verify_visible", ref: "FIELD" }, /checks alone do not do it/],
    ["what has another number", { action: "click", ref: "NUMBER" }, /names another number/],
    ["a deed that the page asks for", { action: "click", ref: "HARM" }, /says nothing of the kind/],
  ])("gets %s refused, and is not understood when it comes again", async (_, command, words) => {
    const snapshot: PageSnapshot = {
      ...{ url: "http://a.test/", title: "Shop", frames: [], leftOut: 0 },
      nodes: (
        [
          ["FIELD", "searchbox", "Find"],
          ["BUTTON", "button", "Go"],
          ["HARM", "button", "Delete my account"],
          ["NUMBER", "button", "Two pairs"],
        ] as const
      ).map(([ref, role, name]): SeenNode => ({
        ...{ ref, kind: "control", role, name, states: [], hints: [] },
        locators: [{ locator_type: "id", locator_value: ref }],
      })),
    };
    const wrong = answer(command);
    const sentence = "Hunt for one of the shirts";
    const { reading, requests } = await ask({ sentence, snapshot }, wrong, wrong);
    expect(requests[1]?.messages[3]?.content).toMatch(words);
    expect(reading).toMatchObject({ kind: "unread", reason: expect.stringContaining("could not be used") });
  });

  test("may be a deed that nobody takes back where it asks for it in its own words", async () => {
    const nodes: SeenNode[] = [
      {
        ...{ ref: "e1", kind: "control", role: "button", name: "Delete my account", states: [], hints: [] },
        locators: [{ locator_type: "id", locator_value: "end" }],
      },
    ];
    const snapshot = { url: "http://a.test/", title: "Profile", nodes, frames: [], leftOut: 0 };
    const asked = await ask(
      { sentence: "Get rid of the account", snapshot },
      answer({ action: "click", ref: "e1" }),
    );
    expect(commandsIn(asked)).toMatchObject([{ action: "click", locator_value: "end" }]);
  });

  test("loses no name and no number", async () => {
    const name = store.nodes.find(({ kind, role }) => kind === "control" && role === "link")?.name ?? "";
    const wrong = answer({ action: "click", ref: refOf(name) });
    const { requests } = await ask({ sentence: 'Click the "Second hand" link of 2027' }, wrong, wrong);
    const told = requests[1]?.messages[3]?.content;
    expect(told).toContain('Nothing in the answer is about "Second hand"');
    expect(told).toContain('Nothing in the answer is about "2027"');
  });

  test("is not understood when the model says so, and keeps its reason", async () => {
    const { reading } = await ask(
      { sentence: "Frobnicate" },
      saysJson({ commands: [], reason: "nothing of the kind" }),
    );
    expect(reading).toEqual({ kind: "unread", reason: "nothing of the kind" });
  });

  test("that is an expected result is only checked", async () => {
    const name = store.nodes.find(({ kind, role }) => kind === "control" && role === "link")?.name ?? "";
    const click = answer({ action: "click", ref: refOf(name) });
    const { requests } = await ask({ sentence: "All is well", role: "expected" }, click, click);
    expect(requests[1]?.messages[3]?.content).toContain("answer with checks (verify_…) alone");
  });

  test("tells the model what was tried, and no password", async () => {
    const failed = { commands: [], message: "the field holds hunter2 and s3cret-of-the-server" };
    const { requests } = await ask(
      { sentence: 'Put "hunter2" into the Password field', failed },
      saysJson({ commands: [], reason: "no" }),
    );
    const prompt = requests[0]?.messages[1]?.content ?? "";
    expect(prompt).toContain("[[withheld 1]]");
    expect(prompt).not.toMatch(/hunter2|s3cret-of/);
  });

  test("of an answer that stops early nothing is used", async () => {
    const cut = says('{"commands": [{"action": "click", "ref": "e1", "text": null, "not": null}]');
    const { reading } = await ask({ sentence: "Go" }, cut, cut);
    expect(reading).toMatchObject({ kind: "unread" });
  });
});

/** A page of 80 controls, as an administrator sees: navigation, a filter form, and a table with buttons in its rows. */
function pageOfEighty(): PageSnapshot {
  const nodes: SeenNode[] = [];
  const add = (node: Partial<SeenNode> & Pick<SeenNode, "kind" | "role" | "name">): string => {
    const ref = `e${nodes.length + 1}`;
    const locators = [{ locator_type: "id" as const, locator_value: ref }];
    nodes.push({ ref, states: [], hints: [], locators, ...node });
    return ref;
  };
  const navigation = add({ kind: "container", role: "navigation", name: "Main" });
  for (const name of [
    "Dashboard",
    "Orders",
    "Customers",
    "Products",
    "Reports",
    "Settings",
    "Help",
    "Sign out",
  ])
    add({ kind: "control", role: "link", name, parent: navigation });
  add({ kind: "text", role: "heading", name: "Customers", level: 1 });
  const form = add({ kind: "container", role: "form", name: "Filter customers" });
  for (const name of ["Name or e-mail address", "City", "Registered after", "Registered before"])
    add({ kind: "control", role: "textbox", name, value: "", parent: form });
  add({
    kind: "control",
    role: "combobox",
    name: "Status",
    value: "All",
    options: ["All", "Active", "Blocked"],
    parent: form,
  });
  for (const name of ["Only with open orders", "Newsletter"])
    add({ kind: "control", role: "checkbox", name, states: ["unchecked"], parent: form });
  add({ kind: "control", role: "button", name: "Apply filters", parent: form });
  const table = add({ kind: "container", role: "table", name: "Customers" });
  for (let row = 1; row <= 16; row++) {
    const parent = add({ kind: "container", role: "row", name: "", parent: table });
    add({ kind: "text", role: "cell", name: `Customer number ${row}`, parent });
    add({ kind: "text", role: "cell", name: `customer.${row}@example.com`, parent });
    add({ kind: "text", role: "cell", name: row % 2 ? "Active" : "Blocked", parent });
    add({
      kind: "control",
      role: "checkbox",
      name: `Select customer number ${row}`,
      states: ["unchecked"],
      parent,
    });
    for (const name of ["Edit", "Block", "Delete"]) add({ kind: "control", role: "button", name, parent });
  }
  return {
    url: "http://app.test/customers",
    title: "Customers – Administration",
    nodes,
    frames: [],
    leftOut: 0,
  };
}

test("a step on a page of 80 controls takes at most 2,500 tokens, its answer included", async () => {
  const snapshot = pageOfEighty();
  expect(snapshot.nodes.filter(({ kind }) => kind === "control")).toHaveLength(80);
  const command = { action: "click", ref: "e40" };
  const { requests } = await ask(
    { sentence: "Block the customer in the 6th row", snapshot },
    answer(command),
    answer(command),
  );
  const [request] = requests;
  const sent =
    JSON.stringify(request?.response_format?.json_schema) +
    (request?.messages ?? []).map(({ content }) => content).join("\n");
  const page = request?.messages[1]?.content ?? "";
  // Nothing that can be acted on was left out for it.
  expect(page).not.toContain("more left out");
  const tokens = encode(sent).length + encode(JSON.stringify({ commands: [command], reason: null })).length;
  expect(tokens).toBeLessThanOrEqual(2_500);
});
