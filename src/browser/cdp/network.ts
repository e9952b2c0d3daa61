import { timeoutSignal } from "../../async/timeout-signal.js";
import type { HttpLogin, PageNetwork, RequestRule } from "../../runner/ports.js";
import type { DevTools } from "../devtools-protocol.js";
import type { RequestRecords } from "../request-records.js";
import { RequestRules, resourceTypeOf, type Decision } from "../request-rules.js";
import { pageErrorOf } from "./calls.js";
import type { CdpSession } from "./connection.js";

/** Longest time until the browser has taken an answer to a request, in milliseconds. */
const ANSWER_TIMEOUT_MS = 15_000;

export interface CdpNetworkOptions {
  /** Addresses, as `Fetch.enable` takes them, that no window may load. */
  refusedUrls: readonly string[];
  /** The sessions of every window, and of its frames in processes of their own. */
  sessions: () => readonly CdpSession[];
  records: RequestRecords;
}

/**
 * The one that stops requests of a browser context: `Fetch` has one list of patterns a session, and every session gets
 * the same. Requests of dedicated workers are stopped by the session of their document.
 */
export class CdpNetwork implements PageNetwork {
  readonly #options: CdpNetworkOptions;
  readonly #rules: RequestRules;

  constructor(options: CdpNetworkOptions) {
    this.#options = options;
    this.#rules = new RequestRules(options.refusedUrls);
  }

  addRule(rule: RequestRule, signal: AbortSignal): Promise<void> {
    this.#rules.add(rule);
    return this.#send(signal);
  }

  clearRules(signal: AbortSignal): Promise<void> {
    this.#rules.clear();
    return this.#send(signal);
  }

  setLogin(login: HttpLogin, signal: AbortSignal): Promise<void> {
    this.#rules.setLogin(login);
    return this.#send(signal);
  }

  refresh(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#options.records.changed.next(signal);
  }

  /** Brings a session that is held back until it is set up to where the others are, and answers its requests. */
  begin(session: CdpSession, signal: AbortSignal): Promise<unknown>[] {
    session.on("Fetch.requestPaused", (paused) => {
      this.#answer(session, paused);
    });
    session.on("Fetch.authRequired", (asking) => {
      this.#logIn(session, asking);
    });
    return this.#rules.wildcards.length === 0 ? [] : this.#bring(session, signal);
  }

  async #send(signal: AbortSignal): Promise<void> {
    const sent = this.#options.sessions().map(async (session) => {
      try {
        await Promise.all(this.#bring(session, signal));
      } catch (error) {
        // A frame or window may go meanwhile.
        if (!session.ended.aborted) throw error;
      }
    });
    try {
      await Promise.all(sent);
    } catch (error) {
      throw pageErrorOf(error);
    }
  }

  #bring(session: CdpSession, signal: AbortSignal): Promise<unknown>[] {
    const { wildcards, hasRules, hasLogins } = this.#rules;
    const patterns = wildcards.map((urlPattern) => ({ urlPattern }));
    return [
      patterns.length === 0
        ? session.send("Fetch.disable", {}, signal)
        : session.send("Fetch.enable", { patterns, handleAuthRequests: hasLogins }, signal),
      // An answer out of a cache, or by a service worker, asks nobody.
      session.send("Network.setCacheDisabled", { cacheDisabled: hasRules }, signal),
      session.send("Network.setBypassServiceWorker", { bypass: hasRules }, signal),
    ];
  }

  #answer(
    session: CdpSession,
    { requestId, request, resourceType }: DevTools.Fetch.RequestPausedEvent,
  ): void {
    const { method, url, headers } = request;
    const decision = this.#rules.decide({ method, url, headers, resourceType: resourceTypeOf(resourceType) });
    const signal = timeoutSignal(ANSWER_TIMEOUT_MS);
    const sent = carryOut(decision, requestId, session, signal);
    // A request that has gone meanwhile needs no answer.
    sent.catch(() => undefined);
  }

  #logIn(session: CdpSession, { requestId, authChallenge }: DevTools.Fetch.AuthRequiredEvent): void {
    const { source, origin } = authChallenge;
    const login = source === "Proxy" ? undefined : this.#rules.loginFor(origin, requestId);
    const authChallengeResponse: DevTools.Fetch.AuthChallengeResponse =
      login === undefined
        ? { response: "Default" }
        : login === "refuse"
          ? { response: "CancelAuth" }
          : { response: "ProvideCredentials", username: login.username, password: login.password };
    const answer = { requestId, authChallengeResponse };
    session.send("Fetch.continueWithAuth", answer, timeoutSignal(ANSWER_TIMEOUT_MS)).catch(() => undefined);
  }
}

async function carryOut(
  decision: Decision,
  requestId: string,
  session: CdpSession,
  signal: AbortSignal,
): Promise<void> {
  switch (decision.do) {
    case "continue":
      await session.send("Fetch.continueRequest", { requestId }, signal);
      return;
    case "block":
      await session.send("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" }, signal);
      return;
    case "refuse":
      await session.send("Fetch.failRequest", { requestId, errorReason: "NameNotResolved" }, signal);
      return;
    case "answer": {
      const { status: responseCode, headers, body } = decision;
      const responseHeaders = headers.map(([name, value]) => ({ name, value }));
      const answer = { requestId, responseCode, responseHeaders, body: body.toString("base64") };
      await session.send("Fetch.fulfillRequest", answer, signal);
    }
  }
}
