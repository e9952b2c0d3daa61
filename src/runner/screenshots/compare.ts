import pixelmatch from "pixelmatch";
import { enlarge, type Picture } from "./picture.js";

/** The limits within which two pictures count as the same. */
export interface Tolerance {
  /** pixelmatch's own: the greatest distance of two colours that counts as none. @defaultValue 0.1 */
  threshold?: number | undefined;
  max_diff_pixels?: number | undefined;
  max_diff_ratio?: number | undefined;
}

/** A difference that is beyond the limits. */
export interface Difference {
  /** In words, as a clause. */
  words: string;
  /** Both pictures in one, with the pixels that differ in red. */
  picture: Picture;
}

/** @returns nothing when the pictures count as the same */
export function differenceOf(
  actual: Picture,
  expected: Picture,
  tolerance: Tolerance,
): Difference | undefined {
  const width = Math.max(actual.width, expected.width);
  const height = Math.max(actual.height, expected.height);
  const isSameSize = actual.width === expected.width && actual.height === expected.height;
  const [one, other] = [enlarge(expected, { width, height }), enlarge(actual, { width, height })];
  const { threshold = 0.1 } = tolerance;
  const picture = { width, height, data: Buffer.alloc(width * height * 4) };
  const pixels = pixelmatch(one.data, other.data, picture.data, width, height, { threshold });
  if (!isSameSize) {
    return { words: `it is ${sizeInWords(actual)} and the baseline ${sizeInWords(expected)}`, picture };
  }
  const total = width * height;
  const most = mostOf(tolerance, total);
  if (pixels <= most) return undefined;
  const few = most === 0 ? "none may" : `at most ${numberInWords(most)} may`;
  const words = `${numberInWords(pixels)} of its ${numberInWords(total)} pixels differ (${shareInWords(pixels / total)}), and ${few}`;
  return { words, picture };
}

/** Where both limits are given, both hold. */
function mostOf({ max_diff_pixels, max_diff_ratio }: Tolerance, total: number): number {
  // A share such as 0.0012 is a little less in binary.
  const byRatio = max_diff_ratio === undefined ? undefined : Math.floor(max_diff_ratio * total + 1e-6);
  return Math.min(max_diff_pixels ?? byRatio ?? 0, byRatio ?? Infinity);
}

function sizeInWords({ width, height }: Picture): string {
  return `${width} × ${height} pixels`;
}

function numberInWords(count: number): string {
  return count.toLocaleString("en-US");
}

function shareInWords(share: number): string {
  return share < 0.0001 ? "less than 0.01 %" : `${(share * 100).toFixed(2)} %`;
}
