import { BufferSource, EncodedPacketSink, Input, WEBM } from "mediabunny";
import { expect, test } from "vitest";
import { WebmWriter } from "../../../src/video/webm.js";
import { chunk, frame, webp } from "./pictures.js";

// A test with Chromium plays and seeks it: test/browser/runs/run-video.test.ts.

const picture = (content: number, size = { width: 640, height: 480 }) =>
  webp(chunk("VP8 ", frame({ ...size, content })));

/** A file in memory. */
function memory() {
  let bytes = Buffer.alloc(0);
  const write = async (written: Uint8Array, position: number) => {
    const end = position + written.byteLength;
    if (end > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(end - bytes.length)]);
    bytes.set(written, position);
  };
  return { write, bytes: () => bytes };
}

test("frames are shown from when they came until the next, the last one until the end", async () => {
  const file = memory();
  const writer = new WebmWriter(file.write);
  await writer.add(picture(1), 0);
  await writer.add(picture(2), 250);
  await writer.add(picture(3), 12_000);
  await writer.finish(15_500);

  const input = new Input({ source: new BufferSource(file.bytes()), formats: [WEBM] });
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new Error("there is no video track");
  expect(await input.getMimeType()).toBe('video/webm; codecs="vp8"');
  expect(track).toMatchObject({ codec: "vp8", codedWidth: 640, codedHeight: 480 });
  expect(await input.getDurationFromMetadata()).toBeCloseTo(15.5);
  const packets = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  expect(packets.map(({ type, timestamp }) => [type, timestamp])).toEqual([
    ["key", 0],
    ["key", 0.25],
    ["key", 12],
  ]);
  expect(packets.map(({ data }) => data.at(-1))).toEqual([1, 2, 3]);
});

test("what has been written is out of memory and in the file before the next frame comes", async () => {
  const file = memory();
  const writer = new WebmWriter(file.write);
  for (let second = 0; second < 10; second++) await writer.add(picture(second + 1), second * 1_000);
  // The last frame waits for its end; the cluster around the one before may do so as well.
  const written = file.bytes();
  for (let content = 1; content <= 8; content++) {
    expect(written.includes(frame({ width: 640, height: 480, content }))).toBe(true);
  }
});

test("a picture that is none is refused", async () => {
  const writer = new WebmWriter(memory().write);
  await expect(writer.add(Buffer.from("JPEG"), 0)).rejects.toThrow("The picture is no WebP.");
});

test("a file that cannot be written is told to who adds frames", async () => {
  const writer = new WebmWriter(() => Promise.reject(new Error("no space left on device")));
  const addThree = async () => {
    for (const second of [0, 1, 2]) await writer.add(picture(1), second * 1_000);
    await writer.finish(3_000);
  };
  await expect(addThree()).rejects.toThrow("no space left on device");
});
