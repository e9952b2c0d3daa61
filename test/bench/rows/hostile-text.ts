import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { readStep } from "../../../src/generation/openai/answer.js";
import { SentenceReader } from "../../../src/generation/openai/written-sentences.js";
import { findPythonSource } from "../../../src/protocol/python.js";
import { parseScript } from "../../../src/protocol/script.js";
import { comparerOf, quote } from "../../../src/runner/matching.js";
import { SecretMask } from "../../../src/runner/masking/secret-mask.js";
import { TestClient } from "../../support/client.js";
import { createCase } from "../../support/test-app.js";
import type { Bench } from "../bench.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { atMost, type Row } from "../table.js";

const PASS_LIMIT_MS = 50;
const DELAY_LIMIT_MS = 100;

const LENGTH = 1_000_000;
/** Measurements of each pass; the median counts. */
const TIMES = 5;
/** Time between two questions to the server, in milliseconds. */
const ASK_EVERY_MS = 5;

const SECRET = 'Swörd & "fish" 1';

/** Parts that the hostile texts repeat. */
const PIECES: Record<string, string> = {
  "beyond Latin-1": "漢字 и ещё ",
  "half surrogates": "\ud800",
  "beginnings of the secret": SECRET.slice(0, -1),
  "a long run of one": "S",
  "cut off beginnings": "Swörd…",
  "escapes of URLs": "%41",
  "broken escapes": "%",
  entities: "&amp;",
  backslashes: "\\",
  tags: "<a",
  quotes: '"',
  brackets: "[",
  lines: "a;\n",
  spaces: "a ",
};

const SENTENCES = new SentenceReader({ own: "", baseUrl: undefined, signal: new AbortController().signal });

const PASSES: Record<string, (text: string) => unknown> = {
  "masking of secrets": (text) => masked(text, false),
  "masking, as it is typed": (text) => masked(text, true),
  contains: (text) => compare("contains", text),
  is: (text) => compare("equals", text),
  "is like": (text) => compare("glob", text),
  "a quoted text": (text) => quote(text),
  "reading a script": (text) => quietly(() => parseScript(text)),
  "search for Python": (text) => findPythonSource(text),
  // A repair goes on in a thread of its own, so its promise is left alone.
  "a model's answer": (text) => void readStep(`So: [${text}`, SENTENCES).catch(() => undefined),
};

/** Cost of a megabyte of hostile text, and of a failing step on such a page to others. */
export async function measureHostileText(bench: Bench): Promise<Row[]> {
  const rows = Object.entries(PASSES).map(([name, pass]) => {
    const [value, kind] = slowest(pass);
    const what = `1 MB, the slowest kind of ${Object.keys(PIECES).length}: ${name}`;
    return atMost(PASS_LIMIT_MS, { name: "hostile-text", what, value, unit: " ms", digits: 1, note: kind });
  });
  return [...rows, await measureDelay(bench)];
}

function slowest(pass: (text: string) => unknown): [ms: number, kind: string] {
  const times = Object.entries(PIECES).map(([kind, piece]): [number, string] => {
    const text = piece.repeat(LENGTH / piece.length);
    const samples = Array.from({ length: TIMES }, () => {
      const began = performance.now();
      pass(text);
      return performance.now() - began;
    });
    return [samples.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0, kind];
  });
  return times.sort(([a], [b]) => b - a)[0] ?? [0, ""];
}

function masked(text: string, typed: boolean): string {
  const mask = new SecretMask();
  mask.learn(SECRET);
  return mask.mask(text, { typed });
}

function compare(match: "contains" | "equals" | "glob", text: string): boolean {
  const almost = "a".repeat(40);
  const expected = match === "glob" ? `*${almost}b*` : `b${almost}`;
  return comparerOf({ match, expected, not: false })(text);
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // A hostile answer is refused.
  }
}

/** The longest time for which the server answered nobody, while a step failed on each hostile page. */
async function measureDelay(bench: Bench): Promise<Row> {
  const site = await startHostileSite(bench);
  const environment = { SECRET_WORD: SECRET, HTTP_REQUESTS_PER_MINUTE: "0" };
  const server = await startBenchServer(bench, { screenshots: "off", environment });
  const client = await TestClient.connect(server.address);
  const waits: [number, string][] = [];
  for (const kind of Object.keys(PIECES)) {
    const { stepIds } = await createCase(server.address, [
      commandsFor(`${site}/?kind=${encodeURIComponent(kind)}`),
    ]);
    const [stepId] = stepIds;
    client.send({ type: "execute_step", step_id: stepId });
    const ended = client.next(({ type, step_id }) => type === "execution_complete" && step_id === stepId);
    waits.push([await longestWait(server.address, ended), kind]);
    if ((await ended)["status"] === "passed") throw new Error(`The step on the page of ${kind} passed.`);
  }
  client.close();
  await server.stop();
  const [value, kind] = waits.sort(([a], [b]) => b - a)[0] ?? [0, ""];
  const what = "a step fails on a page of 1 MB: the longest that GET /healthz took";
  return atMost(DELAY_LIMIT_MS, { name: "hostile-text", what, value, unit: " ms", digits: 0, note: kind });
}

async function longestWait(address: string, ended: Promise<unknown>): Promise<number> {
  let isOver = false;
  void ended.finally(() => (isOver = true));
  let longest = 0;
  const isUnderWay = () => !isOver;
  while (isUnderWay()) {
    const began = performance.now();
    await (await fetch(`http://${address}/healthz`)).text();
    longest = Math.max(longest, performance.now() - began);
    await delay(ASK_EVERY_MS);
  }
  return longest;
}

function commandsFor(url: string): object[] {
  const secret = "${secret.WORD}";
  return [
    { action: "navigate", url },
    { action: "input", locator_type: "id", locator_value: "field", text: secret },
    { action: "verify_text", locator_type: "css", locator_value: "body", expected_text: "none", timeout: 2 },
  ];
}

/** In this process: the page's text is made in the browser. */
async function startHostileSite({ teardown }: Bench): Promise<string> {
  const server = createServer((request, response) => {
    const kind = new URL(request.url ?? "", "http://site").searchParams.get("kind") ?? "";
    const piece = JSON.stringify(PIECES[kind] ?? "").replaceAll("<", "\\u003c");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<title>Hostile</title><input id=field><pre id=text></pre>
      <script>text.textContent = ${piece}.repeat(${LENGTH} / ${piece}.length);</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  teardown.defer(async () => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
