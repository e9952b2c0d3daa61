import type { CommandContext, Executor } from "../executor.js";
import { waitForReading, whenReady } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { chooseFiles, dropFiles, fillField } from "../giving-files.js";
import { resolveUploads } from "../uploads.js";
import type { FileWay, PageTarget } from "../page/requests.js";

export const upload_file: Executor<"upload_file"> = {
  acts: true,
  describe: (command) => `Give ${namesOf(command.file)} to ${describeLocator(command)}`,
  expectation: ({ file }) => `something to give ${namesOf(file)} to`,
  async execute(command, context) {
    const { timeoutMs, uploadsDir } = context;
    const paths = await resolveUploads([command.file].flat(), uploadsDir);
    const target = targetOf(command);
    const begun = performance.now();
    await whenReady(timeoutMs, context);
    const way = await wayOf(target, context);
    const left = () => Math.max(timeoutMs - (performance.now() - begun), 0);
    if (way === "field") await fillField(paths, { target, timeoutMs: left() }, context);
    else if (way === "chooser") await chooseFiles(paths, { target, timeoutMs: left() }, context);
    else if (!(await dropFiles(paths, { target, timeoutMs: left() }, context)))
      await chooseFiles(paths, { target, timeoutMs: left(), isZone: true }, context);
  },
};

/** A browser may type the paths into an element that takes no files, which would tell the page how this machine looks. */
async function wayOf(target: PageTarget, context: CommandContext): Promise<FileWay> {
  const way = await waitForReading(
    { target, reading: { what: "file_way" }, timeoutMs: context.timeoutMs },
    (value) => (value === "none" ? "it takes no files" : undefined),
    context,
  );
  return way as FileWay; // As the script in the page has it.
}

function namesOf(file: string | string[]): string {
  return [file]
    .flat()
    .map((name) => `'${name}'`)
    .join(", ");
}
