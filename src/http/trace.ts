import { Zip, ZipDeflate, ZipPassThrough } from "fflate";
import type { RunEvent } from "../protocol/messages.js";
import type { ArtifactReader, StoredRun } from "../cases/ports.js";
import { artifactToWire, runToWire } from "./wire.js";

/** Bytes that go into one archive: the addresses of files in it have 32 bits. */
const MAX_CONTENT_BYTES = 4_000_000_000;

/** Media types that are compressed already: doing it again would only cost time. */
const COMPRESSED = /^(image|video|application\/octet-stream)/;

/**
 * A zip of everything that is stored of a run, in pieces: `events.jsonl`, `artifacts/<id>.<extension>`, and
 * `run.json` with the run and its list of artifacts. Holds one piece in memory, however large the run is.
 */
export async function* traceOf(
  run: StoredRun,
  events: AsyncIterable<RunEvent[]>,
  artifacts: ArtifactReader,
): AsyncGenerator<Uint8Array> {
  const archive = new Archive(run.finishedAt ?? run.createdAt);
  yield* archive.file("events.jsonl", true, lines(events));

  const listed = await artifacts.listArtifacts(run.id);
  const index: object[] = [];
  let bytes = 0;
  for (const artifact of listed) {
    const fits = bytes + artifact.size <= MAX_CONTENT_BYTES;
    const found = fits ? await artifacts.openArtifact(artifact.id) : undefined;
    const path = `artifacts/${artifact.fileName}`;
    index.push({ ...artifactToWire(artifact), file: found === undefined ? null : path });
    if (found === undefined) continue;
    bytes += artifact.size;
    yield* archive.file(
      path,
      !COMPRESSED.test(artifact.mediaType),
      found.read() as AsyncIterable<Uint8Array>,
    );
  }

  const summary = JSON.stringify({ ...runToWire(run), artifacts: index }, null, 2);
  yield* archive.file("run.json", true, [Buffer.from(`${summary}\n`)]);
  yield* archive.end();
}

async function* lines(batches: AsyncIterable<RunEvent[]>): AsyncGenerator<Uint8Array> {
  for await (const events of batches) {
    yield Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  }
}

/** Makes fflate's zip, which calls back, something that can be read. */
class Archive {
  readonly #time: Date;
  #ready: Uint8Array[] = [];
  #failure: Error | undefined;
  readonly #zip = new Zip((error, chunk) => {
    // Declared as always there; it is null unless something went wrong.
    if (error as Error | null) this.#failure = error ?? undefined;
    else this.#ready.push(chunk);
  });

  constructor(time: Date) {
    this.#time = time;
  }

  async *file(
    path: string,
    compress: boolean,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    const file = compress ? new ZipDeflate(path) : new ZipPassThrough(path);
    file.mtime = this.#time;
    this.#zip.add(file);
    for await (const chunk of content) {
      file.push(chunk);
      yield* this.#take();
    }
    file.push(new Uint8Array(), true);
    yield* this.#take();
  }

  *end(): Generator<Uint8Array> {
    this.#zip.end();
    yield* this.#take();
  }

  #take(): Uint8Array[] {
    if (this.#failure) throw this.#failure;
    return this.#ready.splice(0);
  }
}
