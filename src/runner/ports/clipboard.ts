/** The clipboard of one browser session: what its pages have copied, and nothing that another session has. */
export interface PageClipboard {
  /** The text of what was copied last; empty when nothing was. */
  read(signal: AbortSignal): Promise<string>;
  /** @throws PageError `protocol` when this browser or its driver cannot, with the remedy */
  write(text: string, signal: AbortSignal): Promise<void>;
}
