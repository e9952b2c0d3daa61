import type { HttpLogin, RequestFacts, RequestRule, ResourceType } from "../runner/ports.js";

/** Most requests of which it is remembered that a login was given to them. */
const MOST_ANSWERED = 500;

/** A request as an intercepting browser tells of it. */
export interface StoppedRequest extends RequestFacts {
  headers: Readonly<Record<string, string>>;
}

/** The answer to a request that was stopped; `refuse` as if its host were not there. */
export type Decision =
  | { do: "continue" | "block" | "refuse" }
  | { do: "answer"; status: number; headers: [name: string, value: string][]; body: Buffer };

/** The rules for requests and the logins of one browser session, whatever the way to its browser. */
export class RequestRules {
  readonly #refused: readonly { wildcard: string; matches: RegExp }[];
  /** The latest first. */
  #rules: { rule: RequestRule; left: number }[] = [];
  readonly #logins = new Map<string, HttpLogin>();
  readonly #answered = new Set<string>();

  /** @param refusedUrls addresses that nothing may load, in which `*` stands for any characters */
  constructor(refusedUrls: readonly string[]) {
    this.#refused = refusedUrls.map((wildcard) => ({ wildcard, matches: wildcardMatcher(wildcard) }));
  }

  /** True while a rule stands that may answer a request. */
  get hasRules(): boolean {
    return this.#rules.length > 0;
  }

  get hasLogins(): boolean {
    return this.#logins.size > 0;
  }

  /** Addresses of all the requests that have to be stopped, in which `*` stands for any characters. */
  get wildcards(): string[] {
    return [
      ...new Set([
        ...this.#refused.map(({ wildcard }) => wildcard),
        ...this.#rules.map(({ rule }) => rule.wildcard),
        ...Array.from(this.#logins.keys(), (origin) => `${origin}/*`),
      ]),
    ];
  }

  add(rule: RequestRule): void {
    this.#rules.unshift({ rule, left: rule.times ?? Infinity });
  }

  clear(): void {
    this.#rules = [];
  }

  setLogin(login: HttpLogin): void {
    this.#logins.set(login.origin, login);
  }

  /** Says what becomes of a request, and counts it. */
  decide(request: StoppedRequest): Decision {
    if (this.#refused.some(({ matches }) => matches.test(request.url))) return { do: "refuse" };
    const asked = preflightOf(request);
    const found = this.#rules.find(({ rule }) => rule.isFor(asked ?? request));
    if (found === undefined) return { do: "continue" };
    const { rule } = found;
    if (rule.answer !== "block" && asked !== undefined) return permission(request);
    if (asked === undefined && --found.left === 0)
      this.#rules = this.#rules.filter((standing) => standing !== found);
    if (rule.answer === "block") return { do: "block" };
    const { status, headers, body } = rule.answer;
    return { do: "answer", status, headers: withLeave(headers, request), body };
  }

  /**
   * The login for a server that asks a request for one; nothing the second time, for it was not the right one.
   *
   * @param id the request's
   */
  loginFor(origin: string, id: string): HttpLogin | "refuse" | undefined {
    const login = this.#logins.get(origin);
    if (login === undefined) return undefined;
    if (this.#answered.has(id)) return "refuse";
    this.#answered.add(id);
    const [oldest] = this.#answered;
    if (this.#answered.size > MOST_ANSWERED && oldest !== undefined) this.#answered.delete(oldest);
    return login;
  }
}

/** Makes a test for addresses of a pattern in which `*` stands for any characters. */
function wildcardMatcher(wildcard: string): RegExp {
  const parts = wildcard.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "is");
}

/**
 * The request about which a browser asks a server of another site first.
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
function preflightOf({ method, headers, ...request }: StoppedRequest): RequestFacts | undefined {
  const asked = headerOf(headers, "access-control-request-method");
  if (method !== "OPTIONS" || asked === undefined) return undefined;
  return { ...request, method: asked, resourceType: "fetch" };
}

function permission({ headers }: StoppedRequest): Decision {
  const asked = headerOf(headers, "access-control-request-headers");
  const method = headerOf(headers, "access-control-request-method") ?? "*";
  const permitted: [string, string][] = [
    ...leave(headers),
    ["Access-Control-Allow-Methods", method],
    ...(asked === undefined ? [] : ([["Access-Control-Allow-Headers", asked]] as [string, string][])),
  ];
  return { do: "answer", status: 204, headers: permitted, body: Buffer.alloc(0) };
}

/** The page of another site may read an answer that its test has made for it, unless that says otherwise. */
function withLeave(
  headers: readonly (readonly [string, string])[],
  request: StoppedRequest,
): [string, string][] {
  const given = headers.map(([name, value]): [string, string] => [name, value]);
  const says = given.some(([name]) => name.toLowerCase() === "access-control-allow-origin");
  return says ? given : [...given, ...leave(request.headers)];
}

function leave(headers: StoppedRequest["headers"]): [string, string][] {
  const origin = headerOf(headers, "origin");
  if (origin === undefined) return [];
  return [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Allow-Credentials", "true"],
    ["Vary", "Origin"],
  ];
}

function headerOf(headers: StoppedRequest["headers"], wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

const TYPES: Readonly<Record<string, ResourceType>> = {
  document: "document",
  stylesheet: "stylesheet",
  image: "image",
  media: "media",
  font: "font",
  script: "script",
  xhr: "fetch",
  fetch: "fetch",
  preflight: "fetch",
  eventsource: "eventsource",
  websocket: "websocket",
  manifest: "manifest",
  ping: "ping",
};

/** The kind of a request by DevTools' name of it. */
export function resourceTypeOf(devToolsType: string | undefined): ResourceType {
  return TYPES[(devToolsType ?? "").toLowerCase()] ?? "other";
}
