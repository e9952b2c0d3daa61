import { PNG } from "pngjs";
import type { Box } from "../page/requests.js";

/** Largest side of a picture, in pixels: Chromium draws nothing right beyond it. */
const MAX_SIDE = 16_384;
/** Most pixels of a picture: it is held in memory several times over while it is compared. */
const MAX_PIXELS = 50_000_000;

/** The colour of masks, as Playwright has it: none that pages often have. */
const MASK = [0xff, 0x00, 0xff, 0xff] as const;

const BYTES = 4;

/** A picture in memory: four bytes a pixel, red, green, blue and opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** @throws Error where it is no PNG, or one that is too large */
export function decode(png: Uint8Array): Picture {
  const { width, height } = sizeOf(png);
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new Error(
      `the picture of ${width} × ${height} pixels is too large to be compared (at most ${MAX_SIDE} a side, and ${MAX_PIXELS} in all); compare parts of the page by a locator`,
    );
  }
  const { data } = PNG.sync.read(Buffer.from(png));
  return { width, height, data };
}

export function encode({ width, height, data }: Picture): Buffer {
  const png = new PNG({ width, height });
  png.data = data;
  return PNG.sync.write(png);
}

/** The size that a PNG has by its header. https://www.w3.org/TR/png-3/#11IHDR */
export function sizeOf(png: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (bytes.length < 24 || bytes.toString("latin1", 12, 16) !== "IHDR") throw new Error("it is no PNG");
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The part of a picture that lies in a box. @param box in the picture's pixels */
export function crop(picture: Picture, box: Box): Picture {
  const [left, top, right, bottom] = within(picture, box);
  const [width, height] = [right - left, bottom - top];
  const data = Buffer.alloc(width * height * BYTES);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * picture.width + left) * BYTES;
    picture.data.copy(data, row * width * BYTES, start, start + width * BYTES);
  }
  return { width, height, data };
}

/** Paints over a box. @param box in the picture's pixels */
export function paintOver(picture: Picture, box: Box): void {
  const [left, top, right, bottom] = within(picture, box);
  const line = Buffer.alloc(Math.max(right - left, 0) * BYTES, Buffer.from(MASK));
  for (let row = top; row < bottom; row++) line.copy(picture.data, (row * picture.width + left) * BYTES);
}

/** The picture on a larger, transparent ground. */
export function enlarge(picture: Picture, { width, height }: { width: number; height: number }): Picture {
  if (picture.width === width && picture.height === height) return picture;
  const data = Buffer.alloc(width * height * BYTES);
  const line = picture.width * BYTES;
  for (let row = 0; row < picture.height; row++)
    picture.data.copy(data, row * width * BYTES, row * line, (row + 1) * line);
  return { width, height, data };
}

/** The whole pixels that a box touches, as far as they are in the picture. */
function within({ width, height }: Picture, [left, top, right, bottom]: Box): Box {
  const x = Math.min(Math.max(Math.floor(left), 0), width);
  const y = Math.min(Math.max(Math.floor(top), 0), height);
  return [
    x,
    y,
    Math.max(Math.min(Math.ceil(right), width), x),
    Math.max(Math.min(Math.ceil(bottom), height), y),
  ];
}
