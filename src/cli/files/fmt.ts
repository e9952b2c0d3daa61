import { writeFile } from "node:fs/promises";
import { caseFilesIn, readFromDisk } from "../../formats/yaml/disk.js";
import { formatCaseFile } from "../../formats/yaml/format.js";
import { ExitCode, type CommandContext } from "../command-context.js";
import { showFault } from "./faults.js";

/**
 * Writes case files in the one way that all have. Files with faults stay as they are; the exit code is 1 then.
 *
 * @param options.check changes nothing, and the exit code is 1 when a file is written otherwise
 */
export async function formatFiles(
  paths: readonly string[],
  { check }: { check: boolean },
  { print, remark, exitWith }: Pick<CommandContext, "print" | "remark" | "exitWith">,
): Promise<void> {
  const found = await Promise.all(paths.map((path) => caseFilesIn(path)));
  const faults = found.flatMap((files) => ("errors" in files ? files.errors : []));
  const files = found.flatMap((those) => ("errors" in those ? [] : those));
  let others = 0;
  for (const file of files) {
    const read = await readFromDisk(file);
    const formatted = "errors" in read ? read : formatCaseFile(read.text, { file });
    if ("errors" in formatted) faults.push(...formatted.errors);
    else if (!("errors" in read) && formatted.text !== read.text) {
      others += 1;
      print(file);
      if (!check) await writeFile(file, formatted.text);
    }
  }
  for (const fault of faults) print(showFault(fault));
  if (faults.length > 0 || (check && others > 0)) exitWith(ExitCode.Wrong);
  remark(
    `${others} of ${files.length} files ${check ? "are written otherwise; fmt writes them anew" : "written anew"}.`,
  );
}
