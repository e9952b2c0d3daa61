import type { Fault } from "./document.js";

/** The fault of a text that is no JSON. A file that says it is JSON has to be, though YAML would take it. */
export function faultOfJson(text: string): Fault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    // V8 says where, but for a text that ends too early.
    const words = error instanceof Error ? error.message : "";
    const position = / at position (\d+)/.exec(words)?.[1];
    const before = (position === undefined ? text : text.slice(0, Number(position))).split("\n");
    const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    const reason = words.replace(/,? (?:"|\.\.\.)[\s\S]*$| (?:in JSON )?at position[\s\S]*$/, "");
    return { ...place, message: `This is no JSON: ${reason}. Mend it, or name the file .yaml.` };
  }
}
