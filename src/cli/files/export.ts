import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toFileContent, withoutEmptyScripts } from "../../formats/yaml/stored.js";
import { writeJson, writeYaml } from "../../formats/yaml/write.js";
import { CommandError, type CommandContext } from "../command-context.js";
import { withCases, type FileContent } from "./content.js";

interface ExportOptions {
  tag?: string | undefined;
  format: string;
  output?: string | undefined;
  force?: boolean | undefined;
  server?: string | undefined;
}

/** Writes cases into files, or to standard output. */
export async function exportFiles(
  ids: readonly string[],
  { tag, format: asked, output, force = false, server }: ExportOptions,
  context: CommandContext,
): Promise<void> {
  const format = output?.endsWith(".json") === true ? "json" : asked;
  if (format !== "yaml" && format !== "json")
    throw new CommandError(`--format: '${format}' is neither yaml nor json.`);
  const wrong = ids.find((id) => !/^[1-9]\d{0,14}$/.test(id));
  if (wrong !== undefined) throw new CommandError(`'${wrong}' is no id of a test case; ids are numbers.`);
  const filter = {
    ids: ids.length === 0 ? undefined : ids.map(Number),
    tags: tag?.split(",").map((item) => item.trim()),
  };
  await withCases({ server, mayMake: false }, context, async (stored) => {
    const content = await stored.export(filter);
    const write = format === "json" ? writeJson : writeYaml;
    if (output === undefined) context.print(write(toFileContent(content)).trimEnd());
    else await save(filesOf(content, { output, format, write }), { force, context });
  });
}

function filesOf(
  content: FileContent,
  { output, format, write }: { output: string; format: string; write: (content: object) => string },
): { path: string; text: string }[] {
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
  { force, context }: { force: boolean; context: CommandContext },
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
  context.remark(`${files.length} files written.`);
}
