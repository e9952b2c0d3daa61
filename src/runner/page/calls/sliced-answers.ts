/** Facts that the functions of `sliced.ts` are told besides their argument. */
export interface ScriptOptions {
  /** Longest stay inside the page in one command, in milliseconds. */
  sliceMs: number;
  /** Names the document in which the call may have begun already, with its answer lost; empty if it has no name yet. */
  startedIn?: string | undefined;
  /** Tokens of the calls that are waited for; the answer to one may have been lost, and is asked for again. */
  waitedFor: readonly string[];
  /** True when a document that is being left has to be waited for here, as the browser does not do so itself. */
  tellsLeaving: boolean;
  /**
   * Time at which the last download began, in milliseconds since the epoch; the navigation that it came from has ended.
   */
  downloadAt: number;
  /** True when a frame is the current one. */
  isInFrame: boolean;
  /** True when the call runs in the application's own world. */
  isExposed: boolean;
}

/** The answer of a function of `sliced.ts`. */
export interface ScriptAnswer {
  /** Names the document: another name, another document. */
  document: string;
  /** Its address. */
  url: string;
  /** Number of times that the document's place in the history has changed without another document. */
  moves: number;
  /** Missing as long as it is not done. */
  done?: { value: string } | { error: string };
  /** The document is about to go; a call has not been started. */
  isLeaving?: boolean;
  /** The frame is no longer there, or the document in which the call was started. */
  gone?: "frame" | "call";
}

/** An answer that also tells which stage of its life a document has reached. */
export interface DocumentAnswer extends ScriptAnswer {
  isInteractive: boolean;
  /** Its address as the browser knows it: the browser's own page when the URL could not be opened. */
  documentUri: string;
  /** The beginning of its text, when it is the browser's own page. */
  errorText: string;
}
