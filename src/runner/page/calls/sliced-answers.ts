/** What the functions of `sliced.ts` are told besides their argument. */
export interface ScriptOptions {
  /** Longest stay inside the page in one command, in milliseconds. */
  sliceMs: number;
  /** Names the document in which the call may have been started already, its answer being lost; empty if that has no name yet. */
  startedIn?: string | undefined;
  /** Whether a document that is being left has to be waited for here: the browser does not do so itself. */
  tellsLeaving: boolean;
  /** When the last download began; the navigation that it came from has ended. In milliseconds since the epoch. */
  downloadAt: number;
  /** Whether a frame is the current one. */
  isInFrame: boolean;
  /** Whether it runs in the application's own world. */
  isExposed: boolean;
}

/** What a function of `sliced.ts` answers. */
export interface ScriptAnswer {
  /** Names the document: another name, another document. */
  document: string;
  /** Its address. */
  url: string;
  /** How often the document's place in the history has changed without another document. */
  moves: number;
  /** Missing as long as it is not done. */
  done?: { value: string } | { error: string };
  /** The document is about to go; a call has not been started. */
  isLeaving?: boolean;
  /** The frame is no longer there, or the document in which the call was started. */
  gone?: "frame" | "call";
}

/** Where a document is in its life. */
export interface DocumentAnswer extends ScriptAnswer {
  isInteractive: boolean;
  /** Its address as the browser knows it: the browser's own page when the URL could not be opened. */
  documentUri: string;
  /** The beginning of its text, when it is the browser's own page. */
  errorText: string;
}
