/** The request about the element cannot become true by waiting: the script is at fault. */
export class Impossible extends Error {
  override readonly name = "Impossible";
}
