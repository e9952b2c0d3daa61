import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toFileContent, withoutEmptyScripts } from "../../formats/yaml/stored.js";
import { writeJson, writeYaml } from "../../formats/yaml/write.js";
import { CommandError, type CommandContext } from "../command-context.js";
import type { FileContent } from "./content.js";

const WRITERS = { yaml: writeYaml, json: writeJson };

type FileFormat = keyof typeof WRITERS;

export interface WriteOptions {
  format: FileFormat;
  /** A file, or a folder for a file a case; standard output unless given. */
  output: string | undefined;
  /** True where files that are there may be replaced. */
  force: boolean;
}

/**
 * The format that was asked for, or that the name of the output has.
 *
 * @throws CommandError for one that there is not
 */
export function formatOf(asked: string, output: string | undefined): FileFormat {
  const format = output?.endsWith(".json") === true ? "json" : asked;
  if (format === "yaml" || format === "json") return format;
  throw new CommandError(`--format: '${format}' is neither yaml nor json.`);
}

/** @throws CommandError for a file that cannot be written, such as one that is there */
export async function writeCases(
  content: FileContent,
  { format, output, force }: WriteOptions,
  { print, remark }: Pick<CommandContext, "print" | "remark">,
): Promise<void> {
  if (output === undefined) print(WRITERS[format](toFileContent(content)).trimEnd());
  else await save(filesOf(content, { output, format }), { force, remark });
}

/** The content as files: one, or one for each case in a folder. */
function filesOf(
  content: FileContent,
  { output, format }: { output: string; format: FileFormat },
): { path: string; text: string }[] {
  const write = WRITERS[format];
  if (/\.(?:ya?ml|json)$/.test(output)) return [{ path: output, text: write(toFileContent(content)) }];
  const files = content.cases.map((testCase) => ({
    path: join(output, `${testCase.slug ?? "case"}.${format}`),
    text: write(withoutEmptyScripts(testCase)),
  }));
  const { environments } = content;
  if (environments.length > 0)
    files.push({ path: join(output, `environments.${format}`), text: write({ environments }) });
  return files;
}

async function save(
  files: readonly { path: string; text: string }[],
  { force, remark }: { force: boolean; remark: CommandContext["remark"] },
): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, text, { flag: force ? "w" : "wx" });
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      const remedy = code === "EEXIST" ? "give --force to replace it" : "check its name and rights";
      throw new CommandError(`${path} cannot be written (${code}); ${remedy}.`);
    }
  }
  remark(`${files.length} files written.`);
}
