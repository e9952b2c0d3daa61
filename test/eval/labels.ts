import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";

/** A thing that a tester does or checks, in words that name no command, so that a label outlives the commands. */
export const DEEDS = [
  ...["open", "click", "double_click", "right_click", "hover", "drag", "type", "clear", "select"],
  ...["check", "uncheck", "upload", "press", "scroll", "focus", "submit", "login", "search", "dialog"],
  ...["refresh", "back", "forward", "new_tab", "close_tab", "switch_tab", "frame", "resize", "screenshot"],
  ...["wait", "set_cookie", "clear_cookies", "note"],
  ...["see", "not_see", "see_element", "not_see_element", "page", "state", "value", "not_value", "selected"],
  ...["attribute", "url", "not_url", "title", "not_title", "count", "order", "downloaded", "dialog_shown"],
] as const;
export type DeedAction = (typeof DEEDS)[number];

const LabelledDeed = z.strictObject({
  action: z.enum(DEEDS),
  /** A name in brackets, as `(any)`, is not told by the sentence. */
  target: z.string().optional(),
  text: z.string().optional(),
  /** The row, section or dialog in which the target or the text is. */
  in: z.string().optional(),
  /** The number among several, from 0; -1 is the last. */
  nth: z.int().optional(),
});
export type LabelledDeed = z.infer<typeof LabelledDeed>;

const LabelledSentence = z.strictObject({
  sentence: z.string().min(1),
  /** Missing information: a value, the page, or knowledge of the application. */
  needs: z.enum(["none", "data", "page", "app"]),
  /** `null` where no command of a browser says it, so that it has to be refused. */
  expect: z.array(LabelledDeed).min(1).nullable(),
  alternatives: z.array(z.array(LabelledDeed).min(1)).optional(),
});
export type LabelledSentence = z.infer<typeof LabelledSentence>;

/** @throws Error that names the file and line of a label that is none */
export async function readLabels(path: string): Promise<LabelledSentence[]> {
  const lines = (await readFile(path, "utf8")).split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const label = LabelledSentence.safeParse(JSON.parse(line));
    if (!label.success) throw new Error(`${path}:${index + 1}: ${z.prettifyError(label.error)}`);
    return [label.data];
  });
}

/** The project's own labelled sentences, from which rules are made. */
export async function readOwnLabels(): Promise<LabelledSentence[]> {
  return await readFolder("sentences/");
}

/** Sentences that nobody looks at while the grammar is made: they tell how well it reads new ones. */
export async function readHeldOut(): Promise<LabelledSentence[]> {
  return await readFolder("held-out/");
}

/** Sentences written to find what is lost or guessed without a word. They were labelled before the first run. */
export async function readProbes(): Promise<LabelledSentence[]> {
  return await readFolder("probes/");
}

async function readFolder(name: string): Promise<LabelledSentence[]> {
  const folder = new URL(name, import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
  const labels = await Promise.all(files.map((name) => readLabels(new URL(name, folder).pathname)));
  return labels.flat();
}
