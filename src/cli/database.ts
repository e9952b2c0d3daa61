import { backUp, restore } from "../db/index.js";
import type { DatabaseCommand } from "./arguments.js";

export interface DatabaseCommandContext {
  /** `DATABASE_URL`. */
  url: string;
  now: () => Date;
  print: (line: string) => void;
}

/**
 * @throws BackupError or DatabaseStartError when the command cannot be carried out; nothing has been changed then.
 */
export async function runDatabaseCommand(
  command: DatabaseCommand,
  { url, now, print }: DatabaseCommandContext,
): Promise<void> {
  if (command.kind === "backup") {
    const { source, file, bytes } = await backUp({ url, ...command });
    print(`Backed up ${source} to ${file} (${(bytes / 1_000_000).toFixed(1)} MB, checked).`);
    return;
  }
  const { file, source, keptAs } = await restore({ url, file: command.file, now: now() });
  print(`Restored ${file} from ${source}. Start the server now.`);
  if (keptAs !== undefined) print(`The database that was there is kept as ${keptAs}.`);
}
