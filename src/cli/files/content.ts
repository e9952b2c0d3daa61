import type { ImportChange, ImportOptions } from "../../cases/import-plan.js";
import { ImportError } from "../../cases/import.js";
import type { CaseFileContent, CaseFileError } from "../../formats/yaml/read.js";
import type { FileCase } from "../../formats/yaml/schema.js";
import type { NewEnvironment } from "../../protocol/environments.js";
import { ExitCode, type CommandContext } from "../command-context.js";
import { requireDatabase } from "../existing-database.js";
import { showFault } from "./faults.js";

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

interface PlaceOfCases {
  server: string | undefined;
  /** True where a database may be made if there is none. */
  mayMake: boolean;
}

/**
 * Does something with the cases of a server or of the local database. Faults of what is read or written are remarked,
 * and end the command as one that could not be carried out.
 *
 * @throws CommandError when there is no database and none may be made
 */
export async function withCases(
  place: PlaceOfCases,
  context: CommandContext,
  act: (stored: StoredCases) => Promise<void>,
): Promise<void> {
  const stored = await openCases(place, context);
  try {
    await act(stored);
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    tellFaults(error.faults, context);
  } finally {
    await stored.close();
  }
}

/** Remarks faults, for which a command could not be carried out. */
export function tellFaults(
  faults: readonly CaseFileError[],
  { remark, exitWith }: Pick<CommandContext, "remark" | "exitWith">,
): void {
  for (const fault of faults) remark(showFault(fault));
  exitWith(ExitCode.Impossible);
}

/**
 * Opens the cases of a server or of the local database.
 *
 * @throws as {@link withCases}
 */
async function openCases(
  { server, mayMake }: PlaceOfCases,
  { environment }: Pick<CommandContext, "environment">,
): Promise<StoredCases> {
  if (server !== undefined) {
    const [{ casesOfServer }, { restOf }] = await Promise.all([
      import("./server-content.js"),
      import("../server-rest.js"),
    ]);
    return casesOfServer(restOf(server, environment));
  }
  const { parseConfig } = await import("../../config.js");
  const { DATABASE_URL: url } = parseConfig(environment);
  if (!mayMake) requireDatabase(url, "or name a server with --server");
  const { casesOfDatabase } = await import("./database-content.js");
  return await casesOfDatabase(url);
}
