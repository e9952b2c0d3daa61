import type { Command } from "commander";
import type { CommandContext } from "./command-context.js";

export function addDatabase(program: Command, { environment, print, remark, now }: CommandContext): void {
  const database = program
    .command("db")
    .description("Back the database up, restore it, copy it to another kind.")
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
  database
    .command("copy")
    .description("Copy everything into another database, such as one of PostgreSQL, which has to be empty.")
    .option("--from <url>", "the database that is copied (default: DATABASE_URL)")
    .requiredOption("--to <url>", "the database that it goes to, as DATABASE_URL would name it")
    .addHelpText(
      "after",
      "\nNo server may run on either. The copy is compared with what was read; if anything goes wrong, the other database " +
        "stays empty. The folder ARTIFACTS_DIR belongs to the copy afterwards. Passwords may stand in PGPASSWORD.",
    )
    .action(async ({ from, to }: { from?: string; to: string }) => {
      const { copyDatabase } = await import("../db/index.js");
      const { parseConfig } = await import("../config.js");
      const { createCommandLog } = await import("./command-log.js");
      const { DATABASE_URL: url, ARTIFACTS_DIR: artifactsDir } = parseConfig(environment);
      const log = await createCommandLog();
      const copied = await copyDatabase({ from: from ?? url, to, artifactsDir, log });
      const counts = Object.entries(copied.rows).map(([table, count]) => `${count} ${table}`);
      print(`Copied ${copied.from} to ${copied.to}, and compared: ${counts.join(", ") || "it was empty"}.`);
      if (copied.isFolderAdopted) print(`The artifacts in ${artifactsDir} belong to the copy now.`);
      else remark(`${artifactsDir} is not the folder of artifacts of ${copied.from}, and stays whose it is.`);
      print("Set DATABASE_URL to the copy, and start the server.");
    });
}
