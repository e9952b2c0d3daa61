/** A picture of a video, coded in VP8 by itself. */
export interface Vp8KeyFrame {
  data: Uint8Array;
  /** The picture's size in pixels. */
  width: number;
  height: number;
}

/** A picture that no video can be made of. */
export class WebpError extends Error {
  override readonly name = "WebpError";
}

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Frame tag, start code, width and height: https://www.rfc-editor.org/rfc/rfc6386#section-9.1 */
const KEY_FRAME_HEADER_BYTES = 10;

/**
 * The parts of a lossy WebP picture: a RIFF file around one VP8 key frame, by itself or, when there is more to
 * say about the picture, such as its colours, among other chunks.
 * https://developers.google.com/speed/webp/docs/riff_container
 *
 * @throws WebpError when the picture is anything else, or cut off.
 */
export function keyFrameOf(webp: Uint8Array): Vp8KeyFrame {
  const bytes = Buffer.from(webp.buffer, webp.byteOffset, webp.byteLength);
  if (fourCharacters(bytes, 0) !== "RIFF" || fourCharacters(bytes, 8) !== "WEBP") {
    throw new WebpError("The picture is no WebP.");
  }
  for (let at = RIFF_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.length;) {
    const name = fourCharacters(bytes, at);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + CHUNK_HEADER_BYTES;
    if (name === "VP8L") throw new WebpError("The picture is lossless WebP, which is no VP8.");
    if (name === "VP8 ") {
      if (start + size > bytes.length) throw new WebpError("The picture is cut off.");
      return parseKeyFrame(bytes.subarray(start, start + size));
    }
    // Chunks begin at even places.
    at = start + size + (size % 2);
  }
  throw new WebpError("The picture has no VP8 frame.");
}

function parseKeyFrame(data: Buffer): Vp8KeyFrame {
  const isKeyFrame =
    data.length > KEY_FRAME_HEADER_BYTES && data.readUInt8(0) % 2 === 0 && data.readUIntBE(3, 3) === 0x9d012a;
  if (!isKeyFrame) throw new WebpError("The picture's VP8 frame is no key frame.");
  // Two more bits of each ask for the picture to be scaled.
  const width = data.readUInt16LE(6) & 0x3fff;
  const height = data.readUInt16LE(8) & 0x3fff;
  if (width === 0 || height === 0) throw new WebpError("The picture has no size.");
  return { data, width, height };
}

function fourCharacters(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, at + 4);
}
