/** The kind of a request; `fetch` is also `XMLHttpRequest`. */
export type ResourceType =
  | "document"
  | "stylesheet"
  | "image"
  | "media"
  | "font"
  | "script"
  | "fetch"
  | "eventsource"
  | "websocket"
  | "manifest"
  | "ping"
  | "other";

/** A request that a page is about to send. */
export interface RequestFacts {
  method: string;
  /** Without the fragment. */
  url: string;
  resourceType: ResourceType;
}

/** A request that a page has sent, over http, https or a WebSocket, blocked and canned ones too. */
export interface SentRequest extends RequestFacts {
  /** Counts the requests of the session from 1. */
  number: number;
  /** Time of the request, in milliseconds since the epoch by the browser's clock. */
  at: number;
  /** Nothing where it is too long to be known, or too many requests came after it. */
  body: string | undefined;
  /** HTTP status of the answer, once it has come. */
  status?: number | undefined;
  /** The reason why there was no answer, in the browser's words. */
  error?: string | undefined;
}

/** An answer in place of a server's. */
export interface CannedAnswer {
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
}

/** A rule for requests to come. */
export interface RequestRule {
  /**
   * Addresses among which are all that it is for, in which `*` stands for any characters: the browser stops for no
   * other request.
   */
  wildcard: string;
  /** @param request one that {@link wildcard} takes in */
  isFor(request: RequestFacts): boolean;
  /** The answer; `block` lets the request fail. */
  answer: CannedAnswer | "block";
  /** Number of requests that it is for. @defaultValue every one */
  times?: number | undefined;
}

/** The answer to a server that asks the browser for a login. */
export interface HttpLogin {
  /** As `URL.origin` has it. */
  origin: string;
  username: string;
  password: string;
}

/**
 * The requests of every window, frame and dedicated worker of the session, also of those to come. Rules and logins end
 * with the session; while no rule stands, no request is stopped for one.
 */
export interface PageNetwork {
  /** The requests that no rule reaches on this way to the browser, as a noun; none where there is nothing missing. */
  readonly beyondReach?: string | undefined;
  /** Of two rules for a request the later counts. @throws PageError `protocol` when this browser cannot, with the remedy */
  addRule(rule: RequestRule, signal: AbortSignal): Promise<void>;
  clearRules(signal: AbortSignal): Promise<void>;
  /** Takes the place of the login of the same origin. @throws PageError `protocol` as {@link addRule} */
  setLogin(login: HttpLogin, signal: AbortSignal): Promise<void>;
  /**
   * Brings the records of requests and of the console up to date.
   *
   * @returns milliseconds by which the browser's clock is ahead, where records are read only from time to time and
   * {@link SentRequest.number} says nothing of when a request was sent; nothing where they come at once
   * @throws PageError `protocol` where this browser tells of neither, with the remedy
   */
  refresh(signal: AbortSignal): Promise<number | undefined>;
  /** Resolves when the records of requests have changed, or may have. */
  changed(signal: AbortSignal): Promise<void>;
}
