/**
 * Largest case file, in bytes: three thousand usual cases. A larger one is refused before it is read, since its parsed form
 * takes some fifty times its size.
 */
export const MAX_CASE_FILE_BYTES = 8 * 1024 * 1024;

/** @param size of the file, in bytes */
export function refusalOfSize(size: number): string {
  const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(1);
  return `The file has ${megabytes(size)} MB; at most ${megabytes(MAX_CASE_FILE_BYTES)} MB are read. Put its cases into several files.`;
}
