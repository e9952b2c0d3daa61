import type { Logger } from "pino";
import { ConfigError, parseConfig, type Config, type Environment } from "../config.js";
import { faultsOfSurroundings } from "../start-checks.js";
import { examineBrowser } from "./browser.js";
import { examineDatabase } from "./database.js";
import { good, wrong, type Finding } from "./finding.js";
import { examineFolders } from "./folders.js";
import { examinePorts } from "./ports.js";
import { examineProcess } from "./process.js";

interface ExamineOptions {
  environment: Environment;
  log: Logger;
  signal: AbortSignal;
}

/** The parts of a server that is set up, each with its look. */
const PARTS: readonly [string, (config: Config, options: ExamineOptions) => Promise<Finding[]>][] = [
  ["surroundings", examineSurroundings],
  ["ports", examinePorts],
  ["database", examineDatabase],
  ["folders", examineFolders],
  ["browser", examineBrowser],
];

/**
 * Looks at everything that a server needs of this machine, and changes nothing: no database, folder or file is made that
 * stays.
 *
 * @param options.environment the variables that the server would be given
 */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = parseConfig(options.environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield* error.message.split("\n").map((line) => wrong("configuration", `${line}.`));
    return;
  }
  yield good("configuration", "Every value can be used.");
  yield* examineProcess(config);
  for (const [part, look] of PARTS) {
    try {
      yield* await look(config, options);
    } catch (error) {
      options.signal.throwIfAborted();
      yield wrong(part, error instanceof Error ? error.message : String(error));
    }
  }
}

async function examineSurroundings(config: Config, { environment }: ExamineOptions): Promise<Finding[]> {
  const faults = await faultsOfSurroundings(config, environment);
  return faults.map((fault) => wrong("configuration", `${fault}.`));
}
