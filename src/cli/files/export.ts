import { CommandError, type CommandContext } from "../command-context.js";
import { withCases } from "./content.js";
import { formatOf, writeCases } from "./write-cases.js";

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
  const format = formatOf(asked, output);
  const wrong = ids.find((id) => !/^[1-9]\d{0,14}$/.test(id));
  if (wrong !== undefined) throw new CommandError(`'${wrong}' is no id of a test case; ids are numbers.`);
  const filter = {
    ids: ids.length === 0 ? undefined : ids.map(Number),
    tags: tag?.split(",").map((item) => item.trim()),
  };
  await withCases({ server, mayMake: false }, context, async (stored) => {
    await writeCases(await stored.export(filter), { format, output, force }, context);
  });
}
