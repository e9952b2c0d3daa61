import { z } from "zod";
import { MAX_COMMAND_SECONDS, MAX_COMMAND_TEXT_LENGTH } from "../limits.js";

export const Text = z.string().max(MAX_COMMAND_TEXT_LENGTH);
export const NonEmptyText = Text.min(1);
export const Seconds = z.number().min(0).max(MAX_COMMAND_SECONDS);

/** Names of variables, and of what `${env.NAME}` and `${secret.NAME}` stand for. */
export const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, {
  error: "must be letters, digits and underscores, not beginning with a digit",
});

/** Fields that every command may carry. */
export const anyCommand = {
  description: Text.optional().describe("What the command does, shown to people while it runs."),
};

/** Fields of a command that waits for the page. */
export const waiting = {
  timeout: Seconds.optional().describe("Longest wait in seconds; `COMMAND_TIMEOUT` (10) unless given."),
  ...anyCommand,
};

export const Match = z.enum(["contains", "equals", "glob", "regex", "raw"]);
/**
 * The way to compare an expected text. All but `raw` accept a text that looks the same, whatever its white space and
 * invisible characters are; `glob` knows `*` and `?`; `regex` is RE2 syntax, which takes linear time for every pattern
 * (https://github.com/google/re2/wiki/Syntax); `raw` is equal in every character.
 */
export type Match = z.infer<typeof Match>;

/** The `match` field of a command that compares a text in this way unless told otherwise. */
export const matching = (usual: Match) => ({
  match: Match.optional().describe(`How the text is compared; \`${usual}\` unless given.`),
});

/** Fields of a command that checks something. */
export const verifying = {
  not: z.boolean().optional().describe("Passes once it is not so."),
  soft: z.boolean().optional().describe("Goes on when it does not pass, and fails the step at its end."),
  ...waiting,
};

/** The `since` field of a command that looks at what has come of others: a dialog, a download, a window. */
export const since = {
  since: z
    .enum(["action", "run"])
    .optional()
    .describe(
      "How far it looks back: `action` (default) to the beginning of the last command that acts, `run` over the whole run.",
    ),
};

/** Fields of a command that keeps what it reads. */
export const storing = {
  variable: VariableName.describe("The variable that `${name}` then stands for, to the end of the run."),
  ...waiting,
};

/** Tells if a text has places that are filled in when the command runs, such as `${base_url}`. */
export function hasPlaceholder(text: string): boolean {
  return /(^|[^$])\$\{/.test(text);
}

/** Refuses a secret in a URL. */
const withoutSecret = (url: typeof NonEmptyText) =>
  url.refine((value) => !hasSecret(value), {
    error: "must hold no secret: servers, proxies and the browser's history keep URLs; type it into a field",
  });

/**
 * An absolute http or https URL. Everything else, `file:` and `javascript:` above all, would let a script
 * reach what a tester's browser could not. One with placeholders is looked at when they are filled in.
 */
export const HttpUrl = withoutSecret(
  NonEmptyText.refine((value) => hasPlaceholder(value) || isHttpUrl(value), {
    error: "must be an absolute http or https URL",
  }),
);

/** The same, or a path under the base URL of the run's environment. */
export const PageUrl = withoutSecret(
  NonEmptyText.refine((value) => hasPlaceholder(value) || isHttpUrl(value) || isPath(value), {
    error: "must be an absolute http or https URL, or a path such as /login under an environment's base URL",
  }),
).describe(
  "Where it is: a whole URL, or a path such as `/login` under the base URL of the run's environment.",
);

function hasSecret(text: string): boolean {
  return /(^|[^$])\$\{secret\./.test(text);
}

/** Tells if a text is a path that stays on its host: browsers take `//` and `/\` for the beginning of another. */
export function isPath(value: string): boolean {
  return /^\.?\/(?![/\\])/.test(value);
}

export function isHttpUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
