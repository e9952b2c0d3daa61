/** A pause that can be cut short. One at a time. */
export class Rest {
  #end: () => void = () => undefined;

  /** Resolves when the time is over, or when {@link end} is called before that. @param ms the time, in milliseconds */
  async take(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the pause that is being taken, if one is. */
  end(): void {
    this.#end();
  }
}
