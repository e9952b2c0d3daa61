import {
  EncodedPacket,
  EncodedVideoPacketSource,
  Output,
  StreamTarget,
  WebMOutputFormat,
  type StreamTargetChunk,
} from "mediabunny";
import type { VideoWriter, WriteBytes } from "../execution/ports.js";
import { keyFrameOf, type Vp8KeyFrame } from "./webp.js";

/**
 * Makes a WebM video of lossy WebP pictures without coding anything: what such a picture holds is a VP8 key frame,
 * and WebM is VP8 in Matroska. Every frame being a key frame, players can seek to each of them.
 * https://www.webmproject.org/docs/container/
 */
export class WebmWriter implements VideoWriter {
  readonly #output: Output;
  readonly #source = new EncodedVideoPacketSource("vp8");
  /** The last frame, which is written once it is known for how long it is shown. */
  #last: { frame: Vp8KeyFrame; atMs: number } | undefined;
  #hasStarted = false;

  constructor(write: WriteBytes) {
    const writable = new WritableStream<StreamTargetChunk>({
      write: ({ data, position }) => write(data, position),
    });
    this.#output = new Output({ format: new WebMOutputFormat(), target: new StreamTarget(writable) });
    this.#output.addVideoTrack(this.#source);
  }

  async add(picture: Uint8Array, atMs: number): Promise<void> {
    const frame = keyFrameOf(picture);
    await this.#writeLast(atMs);
    this.#last = { frame, atMs };
  }

  async finish(atMs: number): Promise<void> {
    await this.#writeLast(atMs);
    await this.#output.finalize();
  }

  async #writeLast(untilMs: number): Promise<void> {
    if (!this.#last) return;
    const { frame, atMs } = this.#last;
    this.#last = undefined;
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      await this.#output.start();
    }
    const packet = new EncodedPacket(frame.data, "key", atMs / 1_000, (untilMs - atMs) / 1_000);
    const { width: codedWidth, height: codedHeight } = frame;
    // The first one says what the video is; the size of a later frame is in the frame itself.
    await this.#source.add(packet, { decoderConfig: { codec: "vp8", codedWidth, codedHeight } });
  }
}
