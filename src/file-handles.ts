import type { Logger } from "pino";

/** Files that are open while nobody is connected and nothing runs: the database, libraries, logs, with room to spare. */
const ALWAYS = 100;

/** Files of each browser session: its browser's and driver's pipes and connections, and the files of its run. */
const PER_SESSION = 20;

/** Requests over HTTP beside the WebSockets, and files that they read. */
const FOR_REQUESTS = 200;

export interface FileHandleNeeds {
  /** `undefined` when any number may be connected. */
  maxConnections: number | undefined;
  poolSize: number;
}

/** The most files that the server has open when it does all that it is set up for. */
export function neededFileHandles({ maxConnections = 0, poolSize }: FileHandleNeeds): number {
  return ALWAYS + FOR_REQUESTS + PER_SESSION * poolSize + maxConnections;
}

/** The system lets this process open fewer files than it may need. */
interface FewFileHandles {
  limit: number;
  needed: number;
  remedy: string;
}

/**
 * Tells if too few files may be open for all that the server is set up for.
 *
 * @param limit see {@link fileHandleLimit}
 */
export function fewFileHandles(
  needs: FileHandleNeeds,
  limit: number | undefined,
): FewFileHandles | undefined {
  const needed = neededFileHandles(needs);
  if (limit === undefined || limit >= needed) return undefined;
  const remedy =
    "raise the limit (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker) or lower MAX_CONNECTIONS";
  return { limit, needed, remedy };
}

/**
 * Says at the start when the system lets this process open fewer files than it may need: connections would fail then
 * without any word to those who make them.
 *
 * @param limit see {@link fileHandleLimit}
 */
export function warnOfFewFileHandles(
  needs: FileHandleNeeds,
  { limit, log }: { limit: number | undefined; log: Logger },
): void {
  const few = fewFileHandles(needs, limit);
  if (few === undefined) return;
  const { needed, remedy } = few;
  log.warn({ limit, needed, ...needs }, `the system lets the server open too few files: ${remedy}`);
}

/**
 * The number of files that this process may open. Node has raised it to the highest that the system lets it have.
 *
 * @returns `undefined` where there is no such limit, as on Windows
 */
export function fileHandleLimit(): number | undefined {
  // Node's own report knows it on every system, without a shell; it takes a few milliseconds.
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | string } };
  };
  const soft = Number(userLimits?.open_files?.soft);
  // It says "unlimited" for no limit.
  return Number.isNaN(soft) ? undefined : soft;
}
