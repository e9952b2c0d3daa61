import type { Scope } from "../protocol/scopes.js";

/**
 * The rule of a route: `open` for everybody, `login` for everybody who is logged in, `socket` for everybody as far as
 * HTTP goes, because the WebSocket says itself why it closes, or a scope for everybody who has it.
 */
export type Access = "open" | "login" | "socket" | Scope;

/** A route that does more than look, with the audit table's names for its action and its subject. */
interface Action {
  access: Access;
  action: string;
  target:
    | "test_case"
    | "test_step"
    | "baseline"
    | "environment"
    | "run"
    | "schedule"
    | "delivery"
    | "token"
    | "session";
}

type ReadRoutes = Record<`GET /${string}`, Access>;
type ChangeRoutes = Record<`${"POST" | "PUT" | "PATCH" | "DELETE"} /${string}`, Action>;

const READ_ROUTES: ReadRoutes = {
  "GET /ws/execute-step": "socket",
  "GET /": "read",
  "GET /test-case/:id": "read",
  "GET /runs/:id": "read",
  "GET /runs/:id/comparison": "read",
  "GET /pages/style.css": "open",
  "GET /healthz": "open",
  "GET /readyz": "open",
  // The guard lets METRICS_TOKEN through as well.
  "GET /metrics": "read",
  "GET /openapi.json": "open",
  "GET /asyncapi.json": "open",
  "GET /api/session": "login",
  "GET /api/test-cases": "read",
  "GET /api/test-cases/:id": "read",
  "GET /api/test-cases/:id/runs": "read",
  "GET /api/test-cases/:id/history": "read",
  "GET /api/test-cases/:id/baselines": "read",
  "GET /api/test-cases/:id/baselines/:baselineId": "read",
  "GET /api/export": "read",
  "GET /case-file.schema.json": "open",
  "GET /api/environments": "read",
  "GET /api/environments/:name": "read",
  "GET /api/schedules": "read",
  "GET /api/schedules/:id": "read",
  "GET /api/runs": "read",
  "GET /api/runs/:id": "read",
  "GET /api/runs/:id/events": "read",
  "GET /api/runs/:id/artifacts": "read",
  "GET /api/runs/:id/comparison": "read",
  "GET /api/runs/:id/trace": "read",
  "GET /api/runs/:id/report": "read",
  "GET /api/reports": "read",
  "GET /api/artifacts/:id": "read",
  "GET /api/artifacts/:id/url": "read",
  "GET /api/stats": "read",
  "GET /api/ai/usage": "read",
  "GET /api/tokens": "admin",
  "GET /api/audit": "admin",
  "GET /api/webhook-deliveries": "admin",
};

const CHANGE_ROUTES: ChangeRoutes = {
  // The route finds out by itself who logs in.
  "POST /api/session": { access: "open", action: "log_in", target: "session" },
  // The same for the login form of the pages.
  "POST /login": { access: "open", action: "log_in", target: "session" },
  "DELETE /api/session": { access: "login", action: "log_out", target: "session" },
  "POST /api/tokens": { access: "admin", action: "create_token", target: "token" },
  "DELETE /api/tokens/:id": { access: "admin", action: "revoke_token", target: "token" },
  "POST /api/webhook-deliveries/:id/redeliver": {
    access: "admin",
    action: "redeliver",
    target: "delivery",
  },
  "POST /api/test-cases": { access: "author", action: "create_test_case", target: "test_case" },
  "PUT /api/test-cases/:id": { access: "author", action: "change_test_case", target: "test_case" },
  "PATCH /api/test-cases/:id": { access: "author", action: "change_test_case", target: "test_case" },
  "DELETE /api/test-cases/:id": { access: "author", action: "delete_test_case", target: "test_case" },
  "POST /api/test-cases/:id/approve": { access: "author", action: "approve_test_case", target: "test_case" },
  "POST /api/test-cases/:id/steps": { access: "author", action: "create_test_step", target: "test_step" },
  "PUT /api/test-cases/:id/steps/:stepId": {
    access: "author",
    action: "change_test_step",
    target: "test_step",
  },
  "PATCH /api/test-cases/:id/steps/:stepId": {
    access: "author",
    action: "change_test_step",
    target: "test_step",
  },
  "DELETE /api/test-cases/:id/steps/:stepId": {
    access: "author",
    action: "delete_test_step",
    target: "test_step",
  },
  "POST /api/test-cases/:id/baselines": { access: "author", action: "accept_baseline", target: "baseline" },
  "DELETE /api/test-cases/:id/baselines/:baselineId": {
    access: "author",
    action: "delete_baseline",
    target: "baseline",
  },
  "PUT /api/test-steps/:id/update-selenium": {
    access: "author",
    action: "change_test_step",
    target: "test_step",
  },
  "POST /api/test-steps/:id/offered-checks/:index/accept": {
    access: "author",
    action: "accept_check",
    target: "test_step",
  },
  "POST /api/import": { access: "author", action: "import", target: "test_case" },
  "POST /api/environments": { access: "author", action: "create_environment", target: "environment" },
  "PUT /api/environments/:name": { access: "author", action: "change_environment", target: "environment" },
  "DELETE /api/environments/:name": { access: "author", action: "delete_environment", target: "environment" },
  // A schedule starts runs, so that whoever may start them may make one, and nobody else.
  "POST /api/schedules": { access: "run", action: "create_schedule", target: "schedule" },
  "PATCH /api/schedules/:id": { access: "run", action: "change_schedule", target: "schedule" },
  "DELETE /api/schedules/:id": { access: "run", action: "delete_schedule", target: "schedule" },
  "POST /api/test-cases/:id/run": { access: "run", action: "execute_all", target: "run" },
  "POST /api/test-steps/:id/run": { access: "run", action: "execute_step", target: "run" },
  "POST /api/runs/:id/cancel": { access: "run", action: "cancel", target: "run" },
  "POST /api/runs/:id/pause": { access: "run", action: "pause", target: "run" },
  "POST /api/runs/:id/resume": { access: "run", action: "resume", target: "run" },
  "POST /api/runs/:id/step": { access: "run", action: "step", target: "run" },
  "POST /api/test-cases/generate": { access: "author", action: "generate_test_case", target: "test_case" },
  "POST /api/test-steps/:id/generate-selenium": {
    access: "author",
    action: "generate_test_step",
    target: "test_step",
  },
  "POST /api/test-cases/:id/generate-all-selenium": {
    access: "author",
    action: "generate_test_steps",
    target: "test_case",
  },
};

/** The pages that show the documentation, with their scripts and styles. */
const DOCUMENTATION = "/docs";

const RULES = new Map<string, Access | Action>(Object.entries({ ...READ_ROUTES, ...CHANGE_ROUTES }));

/** The rule of a route, and its name in the audit table. */
export interface Rule {
  access: Access;
  action: string | undefined;
  target: string | undefined;
}

/** @returns `undefined` for a route that nobody has decided about. */
export function ruleOf(method: string, url: string): Rule | undefined {
  const open: Rule = { access: "open", action: undefined, target: undefined };
  // This answers the question of browsers before the request itself, which is checked when it comes.
  if (method === "OPTIONS" || url === DOCUMENTATION || url.startsWith(`${DOCUMENTATION}/`)) return open;
  const rule = RULES.get(`${method === "HEAD" ? "GET" : method} ${url}`);
  return typeof rule === "string" ? { ...open, access: rule } : rule;
}
