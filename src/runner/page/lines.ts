/** White space at the end of a part of a text, in the order of its weight. */
const WEIGHTS = ["", " ", "\t", "\n"];

/** A text that is put together as a browser lays it out: white space is one space, and less beside a line's end. */
export class Lines {
  #text = "";
  #space = "";

  /** @param isKept true where white space in it stays as it is */
  add(text: string, isKept: boolean): void {
    if (isKept) {
      this.#append(text);
      return;
    }
    const words = text.replace(/[ \t\n\r\f]+/g, " ");
    if (words.startsWith(" ")) this.end(" ");
    const isBlank = words === " ";
    this.#append(
      isBlank ? "" : words.slice(Number(words.startsWith(" ")), words.endsWith(" ") ? -1 : undefined),
    );
    if (words.endsWith(" ") && !isBlank) this.end(" ");
  }

  /** Ends a part of the text. @param space the sign that stands before what comes next */
  end(space: string): void {
    if (WEIGHTS.indexOf(space) > WEIGHTS.indexOf(this.#space)) this.#space = space;
  }

  #append(text: string): void {
    if (text === "") return;
    // Looking at the end of the text itself would make the engine copy it for every piece that is added.
    this.#text = this.#text === "" ? text : this.#text + this.#space + text;
    this.#space = "";
  }

  get text(): string {
    return this.#text;
  }
}
