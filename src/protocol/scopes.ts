import { z } from "zod";
import type { ClientMessage } from "./messages.js";

/** The scopes of a token, each with its meaning. */
export const SCOPES = {
  read: "See test cases, runs and artifacts, and watch runs.",
  run: "Start runs, now or by schedules, and control those of the same principal. Implies `read`.",
  author: "Write, change, generate and delete test cases and their steps. Implies `read`.",
  admin: "Make and revoke tokens, control everybody's runs, and read the audit table. Implies all others.",
} as const;

export type Scope = keyof typeof SCOPES;
export const Scope = z.enum(Object.keys(SCOPES) as [Scope, ...Scope[]]);

/** The scope that each message of a client needs. */
export const MESSAGE_SCOPES = {
  execute_step: "run",
  execute_all: "run",
  generate_test_case: "author",
  generate_step_script: "author",
  cancel: "run",
  pause: "run",
  resume: "run",
  step: "run",
  hello: "read",
  subscribe: "read",
  unsubscribe: "read",
} as const satisfies Record<ClientMessage["type"], Scope>;
