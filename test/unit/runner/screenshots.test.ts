import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { differenceOf } from "../../../src/runner/screenshots/compare.js";
import {
  crop,
  decode,
  encode,
  paintOver,
  sizeOf,
  type Picture,
} from "../../../src/runner/screenshots/picture.js";

/** A picture in one colour, with some pixels of its first row in another. */
function plain(width: number, height: number, others = 0): Picture {
  const data = Buffer.alloc(width * height * 4, 0xff);
  for (let pixel = 0; pixel < others; pixel++) data.set([0, 0, 0], pixel * 4);
  return { width, height, data };
}

describe("a difference", () => {
  it.each([
    [{}, "12 of its 10,000 pixels differ (0.12 %), and none may"],
    [{ max_diff_pixels: 11 }, "12 of its 10,000 pixels differ (0.12 %), and at most 11 may"],
    [{ max_diff_pixels: 12 }, undefined],
    [{ max_diff_ratio: 0.0011 }, "12 of its 10,000 pixels differ (0.12 %), and at most 11 may"],
    [{ max_diff_ratio: 0.0012 }, undefined],
    [
      { max_diff_pixels: 50, max_diff_ratio: 0.001 },
      "12 of its 10,000 pixels differ (0.12 %), and at most 10 may",
    ],
    [{ max_diff_pixels: 5, max_diff_ratio: 1 }, "12 of its 10,000 pixels differ (0.12 %), and at most 5 may"],
  ])("is beyond the limits %j: %s", (tolerance, words) => {
    const [one, other] = [plain(100, 100), plain(100, 100, 12)];
    expect(differenceOf(one, other, { ...tolerance })?.words).toBe(words);
  });

  it("of size is one whatever may differ, and shows both pictures", () => {
    const found = differenceOf(plain(30, 10), plain(20, 15), { max_diff_ratio: 1 });
    expect(found?.words).toBe("it is 30 × 10 pixels and the baseline 20 × 15 pixels");
    expect(found?.picture).toMatchObject({ width: 30, height: 15 });
  });
});

describe("a picture", () => {
  it("is the same after it was written and read", () => {
    const picture = plain(7, 5, 3);
    expect(decode(encode(picture))).toEqual(picture);
    expect(sizeOf(encode(picture))).toEqual({ width: 7, height: 5 });
  });

  it("is cut to the whole pixels of a box, as far as it goes", () => {
    expect(crop(plain(10, 10), [2.5, 3, 5.2, 4])).toMatchObject({ width: 4, height: 1 });
    expect(crop(plain(10, 10), [-5, 8, 3, 20])).toMatchObject({ width: 3, height: 2 });
    expect(crop(plain(10, 10, 3), [1, 0, 5, 1]).data.toString("hex")).toBe(
      "000000ff000000ffffffffffffffffff",
    );
  });

  it("is painted over in a box, and nowhere else", () => {
    const picture = plain(4, 2);
    paintOver(picture, [1, 1, 3, 9]);
    paintOver(picture, [10, 10, 20, 20]);
    expect(picture.data.toString("hex")).toBe("ffffffff".repeat(5) + "ff00ffff".repeat(2) + "ffffffff");
  });

  it("that is too large, or none, is refused", () => {
    const wide = PNG.sync.write(new PNG({ width: 16_385, height: 1 }));
    expect(() => decode(wide)).toThrow("16385 × 1 pixels is too large to be compared");
    expect(() => decode(Buffer.from("GIF89a"))).toThrow("it is no PNG");
  });
});
