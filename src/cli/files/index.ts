import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";

/** Where the cases are that a command reads or changes. */
interface ServerOption {
  /** Address of a server; the database that DATABASE_URL names unless given. */
  server?: string;
}

const WHERE = `
They are in the database that DATABASE_URL names, or on a server with --server; STEPWIRE_TOKEN is its token.`;

export function addFiles(program: Command, context: CommandContext): void {
  program
    .command("validate")
    .description("Look for faults in case files, and tell each with its line and column.")
    .argument("<paths...>", "files, or folders of .yaml, .yml and .json files")
    .addHelpText("after", "\nExit code 1 when there is a fault. It needs neither a database nor a server.")
    .action(async (paths: string[]) => {
      const { validateFiles } = await import("./validate.js");
      await validateFiles(paths, context);
    });
  program
    .command("fmt")
    .description("Write case files in the one way that all have; comments stay.")
    .argument("<paths...>", "files, or folders of .yaml, .yml and .json files")
    .option("--check", "change nothing, and end with exit code 1 when a file is written otherwise")
    .action(async (paths: string[], { check = false }: { check?: boolean }) => {
      const { formatFiles } = await import("./fmt.js");
      await formatFiles(paths, { check }, context);
    });
  program
    .command("import")
    .description("Make test cases and environments of case files: of all, or of none.")
    .argument("<paths...>", "files, or folders of .yaml, .yml and .json files")
    .option("--server <url>", "the server that is to have them")
    .option("--dry-run", "only say what would be made")
    .addHelpText("after", WHERE)
    .action(async (paths: string[], { dryRun = false, server }: ServerOption & { dryRun?: boolean }) => {
      const { importFiles } = await import("./import.js");
      await importFiles(paths, { dryRun, server }, context);
    });
  program
    .command("sync")
    .description("Make the test cases those of a folder: say what differs, ask, then change it.")
    .argument("<paths...>", "folders, or files")
    .option("--server <url>", "the server whose cases they are")
    .option("--prune", "delete the cases that no file has")
    .option("--dry-run", "only say what differs")
    .option("-y, --yes", "do not ask; needed where nobody sits at a terminal")
    .addHelpText("after", `\nA case is found by its slug or, where it has none, by its name.${WHERE}`)
    .action(
      async (
        paths: string[],
        {
          prune = false,
          dryRun = false,
          yes = false,
          server,
        }: ServerOption & Partial<Record<"prune" | "dryRun" | "yes", boolean>>,
      ) => {
        const { syncFiles } = await import("./import.js");
        await syncFiles(paths, { prune, dryRun, yes, server }, context);
      },
    );
  program
    .command("export")
    .description("Write test cases and their environments into case files, or to standard output.")
    .argument("[ids...]", "ids of the cases (default: all)")
    .option("--tag <tag,…>", "cases with at least one of these tags")
    .option("--format <format>", "yaml or json", "yaml")
    .option("-o, --output <path>", "a file (.yaml, .yml, .json), or a folder for a file a case")
    .option("--force", "replace files that are there")
    .option("--server <url>", "the server whose cases they are")
    .addHelpText("after", WHERE)
    .action(
      async (
        ids: string[],
        options: ServerOption & { tag?: string; format: string; output?: string; force?: boolean },
      ) => {
        const { exportFiles } = await import("./export.js");
        await exportFiles(ids, options, context);
      },
    );
}
