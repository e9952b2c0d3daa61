/** The pictures that people have accepted for the pages of one test case. */
export interface Baselines {
  /** Name of the browser, such as `chrome`: each has baselines of its own. */
  readonly browser: string;
  /**
   * @param variant the browser, the viewport in CSS pixels and its scale: `chrome-1280x720@1`
   * @returns a PNG; nothing when none was accepted
   * @throws Error with the remedy when its file is gone
   */
  read(name: string, variant: string): Promise<Uint8Array | undefined>;
}
