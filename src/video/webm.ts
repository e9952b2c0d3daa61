import type { EncodedVideoPacketSource, Output, StreamTargetChunk } from "mediabunny";
import type { VideoWriter, WriteBytes } from "../execution/ports.js";
import { keyFrameOf, type Vp8KeyFrame } from "./webp.js";

/** The file that is being written. */
interface Track {
  output: Output;
  /** Takes the next frame, with the times in seconds. */
  add: (frame: Vp8KeyFrame, at: number, duration: number) => Promise<void>;
}

/**
 * Makes a WebM video of lossy WebP pictures without coding anything: such a picture holds a VP8 key frame,
 * and WebM is VP8 in Matroska. Every frame being a key frame, players can seek to each of them.
 * https://www.webmproject.org/docs/container/
 */
export class WebmWriter implements VideoWriter {
  readonly #write: WriteBytes;
  #opening: Promise<Track> | undefined;
  /** The last frame, which is written once its duration is known. */
  #last: { frame: Vp8KeyFrame; atMs: number } | undefined;

  constructor(write: WriteBytes) {
    this.#write = write;
  }

  async add(picture: Uint8Array, atMs: number): Promise<void> {
    const frame = keyFrameOf(picture);
    await this.#writeLast(atMs);
    this.#last = { frame, atMs };
  }

  async finish(atMs: number): Promise<void> {
    await this.#writeLast(atMs);
    const { output } = await this.#open();
    await output.finalize();
  }

  async #writeLast(untilMs: number): Promise<void> {
    if (!this.#last) return;
    const { frame, atMs } = this.#last;
    this.#last = undefined;
    const track = await this.#open();
    await track.add(frame, atMs / 1_000, (untilMs - atMs) / 1_000);
  }

  #open(): Promise<Track> {
    return (this.#opening ??= openTrack(this.#write));
  }
}

/** Loads the library, six megabytes of memory, for the first video that is written. */
async function openTrack(write: WriteBytes): Promise<Track> {
  const library = await import("mediabunny");
  const writable = new WritableStream<StreamTargetChunk>({
    write: ({ data, position }) => write(data, position),
  });
  const source: EncodedVideoPacketSource = new library.EncodedVideoPacketSource("vp8");
  const output = new library.Output({
    format: new library.WebMOutputFormat(),
    target: new library.StreamTarget(writable),
  });
  output.addVideoTrack(source);
  await output.start();
  return {
    output,
    add: async (frame, at, duration) => {
      const packet = new library.EncodedPacket(frame.data, "key", at, duration);
      const { width: codedWidth, height: codedHeight } = frame;
      // The first one says what the video is; the size of a later frame is in the frame itself.
      await source.add(packet, { decoderConfig: { codec: "vp8", codedWidth, codedHeight } });
    },
  };
}
