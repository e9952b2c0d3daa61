import type { Command } from "commander";
import type { CommandContext } from "./command-context.js";

export function addDatabase(program: Command, { environment, print, now }: CommandContext): void {
  const database = program
    .command("db")
    .description("Back the database up and restore it.")
    .addHelpText("after", "\nIt is the database that DATABASE_URL names.");
  database
    .command("backup")
    .description("Copy the database into a file, whole and checked, also while the server runs.")
    .argument("<file>", "the backup")
    .option("--force", "replace a file of that name")
    .addHelpText("after", "\nThe files in ARTIFACTS_DIR are not in it.")
    .action(async (name: string, { force = false }: { force?: boolean }) => {
      const { backUp } = await import("../db/index.js");
      const { parseConfig } = await import("../config.js");
      const { DATABASE_URL: url } = parseConfig(environment);
      const { source, file, bytes } = await backUp({ url, file: name, force });
      print(`Backed up ${source} to ${file} (${(bytes / 1_000_000).toFixed(1)} MB, checked).`);
    });
  database
    .command("restore")
    .description("Make a backup the database; no server may run on it.")
    .argument("<file>", "the backup")
    .addHelpText("after", "\nThe database that was there is kept beside it.")
    .action(async (name: string) => {
      const { restore } = await import("../db/index.js");
      const { parseConfig } = await import("../config.js");
      const { DATABASE_URL: url } = parseConfig(environment);
      const { file, source, keptAs } = await restore({ url, file: name, now: now() });
      print(`Restored ${file} from ${source}. Start the server now.`);
      if (keptAs !== undefined) print(`The database that was there is kept as ${keptAs}.`);
    });
}
