import { timeoutSignal } from "../../async/timeout-signal.js";
import type { HttpLogin, RequestRule } from "../../runner/ports.js";
import { RequestRules, resourceTypeOf, type Decision } from "../request-rules.js";
import type { BidiConnection, BidiEvents, BidiHeader } from "./bidi-connection.js";

/** Longest time until the driver has taken an answer to a request, in milliseconds. */
const ANSWER_TIMEOUT_MS = 15_000;

type Phase = "beforeRequestSent" | "authRequired";

/**
 * Stops requests through the session's own WebSocket, in every window and frame. The driver stops each of them while a
 * rule stands, for it knows no patterns: https://w3c.github.io/webdriver-bidi/#module-network
 */
export class BidiInterception {
  readonly #connection: BidiConnection;
  readonly #rules = new RequestRules([]);
  /** The driver's id of what stops requests now. */
  #intercept: string | undefined;
  #phases = "";
  #isSubscribed = false;

  constructor(connection: BidiConnection) {
    this.#connection = connection;
    connection.on("network.beforeRequestSent", (event) => {
      if (event.isBlocked) void this.#answer(event);
    });
    connection.on("network.authRequired", (event) => {
      if (event.isBlocked) void this.#logIn(event);
    });
  }

  addRule(rule: RequestRule, signal: AbortSignal): Promise<void> {
    this.#rules.add(rule);
    return this.#bring(signal);
  }

  clearRules(signal: AbortSignal): Promise<void> {
    this.#rules.clear();
    return this.#bring(signal);
  }

  setLogin(login: HttpLogin, signal: AbortSignal): Promise<void> {
    this.#rules.setLogin(login);
    return this.#bring(signal);
  }

  async #bring(signal: AbortSignal): Promise<void> {
    const { hasRules, hasLogins } = this.#rules;
    const phases: Phase[] = [];
    if (hasRules) phases.push("beforeRequestSent");
    if (hasLogins) phases.push("authRequired");
    if (phases.join() === this.#phases) return;
    const connection = this.#connection;
    if (!this.#isSubscribed) {
      const events = ["network.beforeRequestSent", "network.authRequired"];
      await connection.send("session.subscribe", { events }, signal);
      this.#isSubscribed = true;
    }
    const before = this.#intercept;
    this.#intercept =
      phases.length === 0
        ? undefined
        : (await connection.send("network.addIntercept", { phases }, signal)).intercept;
    this.#phases = phases.join();
    if (before !== undefined) await connection.send("network.removeIntercept", { intercept: before }, signal);
    // An answer out of a cache asks nobody.
    const cacheBehavior = hasRules ? "bypass" : "default";
    await connection.send("network.setCacheBehavior", { cacheBehavior }, signal);
  }

  async #answer({ request: stopped }: BidiEvents["network.beforeRequestSent"]): Promise<void> {
    const { request, method, url, "goog:resourceType": type } = stopped;
    const headers = Object.fromEntries(stopped.headers.map(({ name, value }) => [name, value.value]));
    const decision = this.#rules.decide({
      method,
      url: url.replace(/#.*$/s, ""),
      headers,
      resourceType: resourceTypeOf(type),
    });
    const signal = timeoutSignal(ANSWER_TIMEOUT_MS);
    try {
      await this.#carryOut(decision, request, signal);
    } catch {
      // The driver can answer no request of a worker; one that waits for ever would hold a test up. Another may have gone.
      await this.#connection.send("network.failRequest", { request }, signal).catch(() => undefined);
    }
  }

  async #carryOut(decision: Decision, request: string, signal: AbortSignal): Promise<void> {
    const connection = this.#connection;
    switch (decision.do) {
      case "continue":
        await connection.send("network.continueRequest", { request }, signal);
        return;
      case "block":
      case "refuse":
        await connection.send("network.failRequest", { request }, signal);
        return;
      case "answer": {
        const { status: statusCode, body } = decision;
        const headers = decision.headers.map(([name, value]): BidiHeader => ({
          name,
          value: { type: "string", value },
        }));
        const content = { type: "base64", value: body.toString("base64") } as const;
        const answer = { request, statusCode, headers, body: content };
        await connection.send("network.provideResponse", answer, signal);
      }
    }
  }

  async #logIn({ request: { request, url } }: BidiEvents["network.authRequired"]): Promise<void> {
    const login = this.#rules.loginFor(new URL(url).origin, request);
    const answer =
      login === undefined
        ? ({ action: "default" } as const)
        : login === "refuse"
          ? ({ action: "cancel" } as const)
          : ({
              action: "provideCredentials",
              credentials: { type: "password", username: login.username, password: login.password },
            } as const);
    const signal = timeoutSignal(ANSWER_TIMEOUT_MS);
    await this.#connection
      .send("network.continueWithAuth", { request, ...answer }, signal)
      .catch(() => undefined);
  }
}
