/** Tells what is going on, beside the result: that alone goes to the standard output. */
export function progress(line: string): void {
  console.error(line);
}
