import { describe, expect, test } from "vitest";
import { readCase, readStep } from "../../../src/generation/openai/answer.js";
import { SentenceReader } from "../../../src/generation/openai/written-sentences.js";

const sentences = new SentenceReader({ own: "", baseUrl: undefined, signal: new AbortController().signal });

const command = { action: "wait", duration: 1 };

/** Valid but for a comma at its end, with that many commands. */
function almostJson(commands: number): string {
  return `{"commands": [${JSON.stringify(command)}${`, ${JSON.stringify(command)}`.repeat(commands - 1)},], "warnings": []}`;
}

test.each([
  ["short", 3],
  ["long", 400],
])("a %s answer that is almost JSON is repaired", async (_length, commands) => {
  const reading = await readStep(`Here it is: ${almostJson(commands)}`, sentences);
  expect(reading).toMatchObject({ ok: true });
  if (reading.ok) expect(reading.value.commands).toHaveLength(commands);
});

test("no bracket inside a string counts", async () => {
  const answer = { commands: [{ action: "log", message: 'a } "b" ] \\' }], warnings: [] };
  expect(await readStep(`So: ${JSON.stringify(answer)} and no {more}.`, sentences)).toMatchObject({
    ok: true,
  });
  expect(
    await readStep(`It is 5" wide. ${JSON.stringify({ commands: [command], warnings: [] })}`, sentences),
  ).toMatchObject({
    ok: true,
  });
});

describe("a long hostile answer keeps nobody from their turn", () => {
  const KINDS: Record<string, string> = {
    "of quotation marks": '"',
    "of escaped quotation marks": '\\"',
    "of brackets": "[",
    "of braces": "{",
    "of objects without values": "{a:1,",
    "of lists without ends": "[1,2 ",
    "of comments without ends": "/*",
    "of strings without ends": '{"a":"b',
    "of fences": "```\n",
    "of lines of code": "if a:\n",
    "beyond Latin-1": "漢字 ",
  };

  test.each(Object.entries(KINDS))("%s", async (_kind, piece) => {
    const text = `Here: [${piece.repeat(500_000 / piece.length)}`;
    const before = process.cpuUsage();
    const reading = readCase(text, sentences);
    // The work that is done at once ends here; a repair goes on in a thread of its own.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2_000);
    expect(await reading).toMatchObject({ ok: false });
  });
});
