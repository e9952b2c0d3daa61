import { existsSync } from "node:fs";
import type { ImportChange, ImportOptions } from "../../cases/import-plan.js";
import type { CaseFileContent } from "../../formats/yaml/read.js";
import type { FileCase } from "../../formats/yaml/schema.js";
import type { NewEnvironment } from "../../protocol/environments.js";
import { CommandError, type CommandContext } from "../command-context.js";

/** Cases and environments as files have them. */
export interface FileContent {
  cases: FileCase[];
  environments: NewEnvironment[];
}

export interface ExportFilter {
  ids?: number[] | undefined;
  tags?: string[] | undefined;
}

/** The cases that a command reads or changes, wherever they are. */
export interface StoredCases {
  /** @throws ImportError with every fault and its place; nothing was changed then */
  import(content: CaseFileContent, options: ImportOptions & { dryRun: boolean }): Promise<ImportChange[]>;
  export(filter: ExportFilter): Promise<FileContent>;
  close(): Promise<void>;
}

/**
 * Opens the cases of a server or of the local database.
 *
 * @param options.mayMake whether a database may be made where there is none
 * @throws CommandError when there is no database and none may be made
 */
export async function openCases(
  { server, mayMake }: { server: string | undefined; mayMake: boolean },
  { environment }: Pick<CommandContext, "environment">,
): Promise<StoredCases> {
  if (server !== undefined) {
    const { casesOfServer } = await import("./server-content.js");
    return casesOfServer(server, environment["STEPWIRE_TOKEN"]);
  }
  const { parseConfig } = await import("../../config.js");
  const { DATABASE_URL: url } = parseConfig(environment);
  const [, path = ""] = /^file:([^?]*)/.exec(url) ?? [];
  if (!mayMake && path !== "" && !existsSync(path))
    throw new CommandError(`There is no database ${path}. Set DATABASE_URL, or name a server with --server.`);
  const { casesOfDatabase } = await import("./database-content.js");
  return await casesOfDatabase(url);
}
