import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AuditLog, Identity, Login, WatchCredentials } from "../auth/ports.js";
import { requireCsrfToken, requireScope } from "../auth/sessions.js";
import { ruleOf, type Rule } from "./access.js";
import { addressOf } from "./client-address.js";
import type { MetricsToken } from "./metrics-token.js";
import type { SignedUrls } from "./signed-urls.js";
import { credentialsOf, refuseTokenInUrl } from "./credentials.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The caller; set before the handler of any route that is not open to everybody. */
    identity: Identity;
    /** The id of the answer's subject, for the audit table. */
    subject: unknown;
  }
}

const FORBIDDEN = 403;

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export interface GuardOptions {
  login: Login;
  watch: WatchCredentials;
  audit: AuditLog;
  signedUrls: SignedUrls;
  /** @defaultValue metrics need a login */
  metricsToken?: MetricsToken;
}

/** Lets only those through who may use a route, and writes down what they did. Knows every route of `access.ts`. */
export async function registerGuard(app: FastifyInstance, options: GuardOptions): Promise<void> {
  await app.register(cookie);
  // Never read before it is set: the hook below sets it or refuses.
  app.decorateRequest("identity", null as unknown as Identity);
  app.decorateRequest("subject", undefined);
  app.addHook("onRoute", ({ method, url }) => {
    for (const name of [method].flat()) requireRule(name, url);
  });
  app.addHook("onRequest", async (request) => {
    await admit(request, options);
  });
  app.addHook("preSerialization", async (request, _reply, payload) => {
    request.subject = idIn(payload) ?? idIn(request.params);
    return payload;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    if (isStream(payload)) endWithCredentials(request, reply, options.watch);
    return payload;
  });
  app.addHook("onResponse", async (request, reply) => {
    record(request, reply, options.audit);
  });
}

/** @throws Error for a route that nobody has decided about: no server starts with one. */
function requireRule(method: string, url: string): Rule {
  const rule = ruleOf(method, url);
  if (rule !== undefined) return rule;
  throw new Error(`src/http/access.ts does not say who may use ${method} ${url}.`);
}

async function admit(
  request: FastifyRequest,
  { login, signedUrls, metricsToken }: Pick<GuardOptions, "login" | "signedUrls" | "metricsToken">,
): Promise<void> {
  const { method, routeOptions, is404 } = request;
  if (is404 || routeOptions.url === undefined) return;
  const { access } = requireRule(method, routeOptions.url);
  if (access === "socket") return;
  refuseTokenInUrl(request);
  if (access === "open" || signedUrls.admits(request) || metricsToken?.admits(request)) return;
  const credentials = credentialsOf(request);
  const identity = await login(credentials);
  // This comes before the checks that may refuse the request, so that the audit table can name the caller.
  request.identity = identity;
  if (identity.sessionId !== undefined && !SAFE_METHODS.has(method)) {
    requireCsrfToken(request.headers["x-csrf-token"], credentials.session ?? "");
  }
  if (access !== "login") requireScope(identity, access);
}

/** A stream goes on for as long as a run, so it must not outlast the credentials. */
function endWithCredentials(
  { identity }: FastifyRequest,
  reply: FastifyReply,
  watch: WatchCredentials,
): void {
  // Open to everybody.
  if ((identity as Identity | null) === null) return;
  const forget = watch(identity, () => reply.raw.destroy());
  reply.raw.once("close", forget);
}

function record(request: FastifyRequest, reply: FastifyReply, audit: AuditLog): void {
  const { method, routeOptions, identity, subject, params } = request;
  if ((identity as Identity | null) === null || routeOptions.url === undefined) return;
  const { action, target } = ruleOf(method, routeOptions.url) ?? {};
  const address = addressOf(request);
  if (reply.statusCode === FORBIDDEN) {
    const what = target === undefined ? routeOptions.url : named(target, stepIdIn(params) ?? idIn(params));
    audit.record({ identity, address, action: action ?? "read", target: what, isRefused: true });
  } else if (action !== undefined && target !== undefined && reply.statusCode < 400) {
    audit.record({ identity, address, action, target: named(target, subject) });
  }
}

/** Names the subject of a request, such as `test_case 5`. */
function named(target: string, id: unknown): string {
  return typeof id === "string" || typeof id === "number" ? `${target} ${id}` : target;
}

/** The id of what an answer is about: its own, or that of the test case that was generated. */
function idIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if ("id" in value) return value.id;
  return "test_case_id" in value ? value.test_case_id : undefined;
}

/** The step of a route that names its case as well. */
function stepIdIn(params: unknown): unknown {
  return typeof params === "object" && params !== null && "stepId" in params ? params.stepId : undefined;
}

function isStream(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "pipe" in payload;
}
