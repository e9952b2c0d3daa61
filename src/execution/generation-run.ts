import { DiskQuota } from "./disk-quota.js";
import type { RunFacilities } from "./facilities.js";
import { LiveGenerationSession } from "./generation-session.js";
import type { BrowserSession, GenerationRun, GenerationSession } from "./ports.js";
import type { QueuedGeneration } from "./queued-run.js";

/** The run of a generation, which has one browser session at a time. */
export class LiveGenerationRun implements GenerationRun {
  readonly runId: string;
  readonly environment: GenerationRun["environment"];
  readonly signal: AbortSignal;
  readonly #queued: QueuedGeneration;
  readonly #facilities: RunFacilities;
  readonly #commands = { begun: 0 };
  #session: BrowserSession | undefined;

  /** @param options.signal aborted when the run is to end, for whatever reason */
  constructor(queued: QueuedGeneration, options: { facilities: RunFacilities; signal: AbortSignal }) {
    this.runId = queued.run.id;
    this.environment = queued.environment;
    this.signal = options.signal;
    this.#queued = queued;
    this.#facilities = options.facilities;
  }

  tell(...[event, picture]: Parameters<GenerationRun["tell"]>): void {
    const { runLog } = this.#queued;
    if (picture === undefined) runLog.append(event);
    else runLog.append({ ...event, image: "", url: picture.url }, { image: picture.bytes });
  }

  flush(): Promise<void> {
    return this.#queued.runLog.flush();
  }

  async inSession<T>(work: (session: GenerationSession) => Promise<T>): Promise<T> {
    const { environment, runLog, log } = this.#queued;
    const { pool, newVariables, settings } = this.#facilities;
    await this.close();
    const session = (this.#session = await pool.acquire(this.signal));
    const variables = newVariables(environment);
    runLog.mask.add(variables);
    const quota = new DiskQuota({ session, limitBytes: settings.runMaxDiskBytes, log });
    const signal = AbortSignal.any([this.signal, session.lost, quota.exceeded]);
    const parts = { queued: this.#queued, facilities: this.#facilities, commands: this.#commands };
    try {
      return await work(new LiveGenerationSession({ ...parts, run: this, session, variables, signal }));
    } catch (error) {
      // The page's own error came of the end that the signal tells.
      signal.throwIfAborted();
      throw error;
    } finally {
      quota.close();
    }
  }

  /** Gives the browser session back, if there is one. */
  async close(): Promise<void> {
    await this.#session?.close();
  }
}
