/** The middle value; between two middle values, their mean. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  return (at(sorted, Math.ceil(middle) - 1) + at(sorted, Math.floor(middle))) / 2;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * A percentile by the nearest-rank method: the smallest value that at least this share of all values does not
 * exceed. https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
 *
 * @param share over 0 and up to 1
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  return at(sorted, Math.ceil(share * sorted.length) - 1);
}

/** Such as "from 1210 to 1312". */
export function range(values: readonly number[]): string {
  return `from ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function at(sorted: readonly number[], index: number): number {
  const value = sorted[index];
  if (value === undefined) throw new RangeError("There are no values.");
  return value;
}
