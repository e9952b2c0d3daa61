import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { CommandError, type CommandContext } from "../command-context.js";

/**
 * The description that was given in words, in a file, or on standard input.
 *
 * @throws CommandError where there is none, or more than one
 */
export async function readDescription(
  { words, file }: { words: string; file: string | undefined },
  { stdin }: Pick<CommandContext, "stdin">,
): Promise<string> {
  if (words !== "" && file !== undefined)
    throw new CommandError("generate: give the description in words or with --file, not both.");
  if (words !== "") return words;
  if (file !== undefined) return await readTextFile(file);
  if (stdin.isTTY === true) {
    throw new CommandError(
      'generate: what does the test do? Say it in words, such as "Open https://example.com. Check that the page shows Example.", name a --file, or pipe it in.',
    );
  }
  return await text(stdin);
}

async function readTextFile(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const { code = "it is not UTF-8 text" } = error as NodeJS.ErrnoException;
    throw new CommandError(`--file: ${path} cannot be read (${code}).`, { cause: error });
  }
}
