import type { Logger } from "pino";
import type { FeedEvent, FeedWatcher } from "../../execution/ports.js";
import { generatorsOf, pageGenerationOf } from "../../generators.js";
import { oneLine } from "../../one-line.js";
import { AppError } from "../../protocol/errors.js";
import type { RunEvent } from "../../protocol/messages.js";
import type { CommandContext } from "../command-context.js";
import { LocalServices } from "../local-services.js";
import { toFiles, type Generated, type GenerateRequest } from "./generated.js";

/** Generates on the open page, in a browser of this process, and remarks each sentence that is verified. */
export async function generateOnPage(
  { description, url, signal }: GenerateRequest & { url: string },
  { environment, remark, log }: CommandContext & { log: Logger },
): Promise<Generated> {
  const local = await LocalServices.open({
    environment,
    parallel: 1,
    mostParallel: 1,
    takesPictures: false,
    log,
  });
  const { services, config } = local;
  const { cases, execution, feed } = services;
  try {
    await services.start();
    const { pageReader } = await generatorsOf(config);
    const pages = pageGenerationOf(config, { runs: execution, cases, pageReader, log });
    const runId = await pages.startCase({ description, startUrl: url });
    const watcher = new SentenceWatcher(remark);
    const cancel = () => {
      execution.cancel(runId);
    };
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    await feed.watch(runId, watcher);
    signal.throwIfAborted();
    const { end } = watcher;
    if (end?.type === "generation_error") throw new AppError(end.code, end.error);
    if (end?.type !== "generation_complete") throw new Error(`the end of run ${runId} could not be stored`);
    const made = await Promise.all(end.test_cases.map(({ test_case_id: id }) => cases.read(id)));
    return { cases: toFiles(made), warnings: end.warnings };
  } finally {
    await local.close();
  }
}

/** Remarks the sentences that hold on the page; the others are among the warnings of the end. */
class SentenceWatcher implements FeedWatcher {
  readonly afterSeq = 0;
  /** The run ends by itself, also where it is cancelled. */
  readonly signal = new AbortController().signal;
  readonly #remark: (line: string) => void;
  /** The last event so far. */
  end: RunEvent | undefined;

  constructor(remark: (line: string) => void) {
    this.#remark = remark;
  }

  onEvents(events: readonly FeedEvent[]): void {
    for (const told of events) {
      // The run's log has written it: hence the cast.
      const event = JSON.parse(Buffer.from(told.json(false)).toString()) as RunEvent;
      this.end = event;
      const isVerified = event.type === "generation_progress" && event.sentence?.outcome === "verified";
      if (isVerified) this.#remark(oneLine(event.message));
    }
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }
}
