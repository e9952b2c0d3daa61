import { readCaseFiles } from "../../formats/yaml/disk.js";
import { ExitCode, type CommandContext } from "../command-context.js";
import { showFault } from "./faults.js";

/** Tells every fault of case files; the exit code is 1 when there is one. */
export async function validateFiles(
  paths: readonly string[],
  { print, remark, exitWith }: Pick<CommandContext, "print" | "remark" | "exitWith">,
): Promise<void> {
  const reading = await readCaseFiles(paths);
  if ("errors" in reading) {
    for (const fault of reading.errors) print(showFault(fault));
    exitWith(ExitCode.Wrong);
    return;
  }
  const { cases, environments } = reading;
  remark(`${cases.length} cases and ${environments.length} environments, without a fault.`);
}
