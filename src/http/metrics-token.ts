import type { FastifyRequest } from "fastify";
import { isSameSecret } from "../auth/secrets.js";
import { credentialsOf } from "./credentials.js";

const METRICS = "/metrics";

/** The token of who reads metrics and nothing else, METRICS_TOKEN. */
export class MetricsToken {
  readonly #token: string | undefined;

  /** @param token nothing where there is none: a token of the server is needed then */
  constructor(token: string | undefined) {
    this.#token = token;
  }

  /** Tells whether a request asks for the metrics with this token in place of a login. */
  admits(request: FastifyRequest): boolean {
    if (this.#token === undefined || request.routeOptions.url !== METRICS) return false;
    const { bearer } = credentialsOf(request);
    return bearer !== undefined && isSameSecret(bearer, this.#token);
  }
}
