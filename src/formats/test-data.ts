import { unmarked } from "./items.js";
import type { PlacedText, TestData } from "./ports.js";

/** Between two values: a line, a semicolon, or a comma before the next name. */
const BETWEEN = /\n|;|,(?=\s*[\p{L}][\p{L} _-]{0,40}[:=])/u;
const LABELLED = /^([\p{L}][\p{L}\d ()/_-]{0,60}?)\s*[:=]\s*(?!\/\/)(\S.*)$/u;

/** The values of a text such as "Username: tom, Password: secret". */
export function dataOf(texts: PlacedText[]): TestData[] {
  return texts.flatMap(({ text, place }) =>
    text
      .split(BETWEEN)
      .map((part) => part.trim())
      .map((part) => unmarked(part)?.text ?? part)
      .filter((part) => part !== "")
      .map((part) => {
        const [, label, value] = LABELLED.exec(part.replace(/\*\*|__/g, "")) ?? [];
        return { text: unquoted(value ?? part), label, place };
      }),
  );
}

function unquoted(text: string): string {
  return /^(["'`])(.*)\1$/.exec(text)?.[2] ?? /^“(.*)”$/.exec(text)?.[1] ?? text;
}
