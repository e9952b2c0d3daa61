import { Zip, ZipDeflate, ZipPassThrough } from "fflate";

/** Makes fflate's zip, which calls back, something that can be read. */
export class Archive {
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
