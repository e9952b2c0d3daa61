import type { Executor } from "../executor.js";
import { findElement, waitForReading, whenReady } from "../find.js";
import { describeLocator, targetOf } from "../locator.js";
import { resolveUploads } from "../uploads.js";

export const upload_file: Executor<"upload_file"> = {
  describe: (command) => `Give ${namesOf(command.file)} to ${describeLocator(command)}`,
  expectation: ({ file }) => `a file field to give ${namesOf(file)} to`,
  async execute(command, context) {
    const { page, signal, timeoutMs, uploadsDir } = context;
    const paths = await resolveUploads([command.file].flat(), uploadsDir);
    const target = targetOf(command);
    await whenReady(timeoutMs, context);
    // A browser may type the paths into an element that is no file field, which would tell the page how this machine
    // looks.
    await waitForReading(
      { target, reading: { what: "attribute", name: "type" }, timeoutMs },
      (type) => (type?.toLowerCase() === "file" ? undefined : "it takes no files"),
      context,
    );
    await page.setFiles(await findElement(target, timeoutMs, context), paths, signal);
  },
};

function namesOf(file: string | string[]): string {
  return [file]
    .flat()
    .map((name) => `'${name}'`)
    .join(", ");
}
