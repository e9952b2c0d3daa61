import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyFrameOf, WebpError } from "../../../src/video/webp.js";
import { chunk, frame, webp } from "./pictures.js";

describe("the key frame of a picture", () => {
  test("is what a plain WebP file holds", () => {
    const data = frame({ width: 1280, height: 720 });
    expect(keyFrameOf(webp(chunk("VP8 ", data)))).toEqual({ data, width: 1280, height: 720 });
  });

  test("is found among other chunks, of odd sizes too", () => {
    const data = frame({ width: 3, height: 5 });
    const extended = webp(
      chunk("VP8X", Buffer.alloc(10)),
      chunk("ICCP", Buffer.alloc(7)),
      chunk("VP8 ", data),
    );
    expect(keyFrameOf(extended)).toEqual({ data, width: 3, height: 5 });
  });

  test("has a size without what asks for it to be scaled", () => {
    const data = frame({ width: 0x4000 + 16, height: 0x8000 + 9 });
    expect(keyFrameOf(webp(chunk("VP8 ", data)))).toMatchObject({ width: 16, height: 9 });
  });

  test("is found in a picture that is a part of a larger buffer", () => {
    const picture = webp(chunk("VP8 ", frame({ width: 8, height: 8 })));
    const around = Buffer.concat([Buffer.alloc(5), picture, Buffer.alloc(5)]);
    expect(keyFrameOf(new Uint8Array(around).subarray(5, 5 + picture.length)).width).toBe(8);
  });
});

describe("there is none in", () => {
  const good = frame({ width: 8, height: 8 });
  const interFrame = Buffer.from(good).fill(good.readUInt8(0) | 1, 0, 1);
  test.each([
    ["nothing", Buffer.alloc(0), "The picture is no WebP."],
    [
      "a JPEG",
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Array<number>(20).fill(0)]),
      "The picture is no WebP.",
    ],
    ["a lossless picture", webp(chunk("VP8L", good)), "The picture is lossless WebP, which is no VP8."],
    ["an extended one", webp(chunk("VP8X", Buffer.alloc(10)), chunk("VP8L", good)), /lossless/],
    ["one without a frame", webp(chunk("VP8X", Buffer.alloc(10))), "The picture has no VP8 frame."],
    ["one that is cut off", webp(chunk("VP8 ", good)).subarray(0, -1), "The picture is cut off."],
    ["one whose frame depends on another", webp(chunk("VP8 ", interFrame)), /is no key frame/],
    ["one whose frame is too short", webp(chunk("VP8 ", good.subarray(0, 9))), /is no key frame/],
    ["one without a start code", webp(chunk("VP8 ", Buffer.alloc(30))), /is no key frame/],
    ["one without a size", webp(chunk("VP8 ", frame({ width: 0, height: 8 }))), "The picture has no size."],
  ])("%s", (_what, picture, message) => {
    expect(() => keyFrameOf(picture)).toThrow(message);
    expect(() => keyFrameOf(picture)).toThrow(WebpError);
  });

  test("any other bytes, which end in no other error and no endless loop", () => {
    const after = fc.uint8Array({ maxLength: 64 }).map((rest) => webp(Buffer.from(rest)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), after), (bytes) => {
        try {
          keyFrameOf(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WebpError);
        }
      }),
    );
  });
});
