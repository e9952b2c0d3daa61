import { z } from "zod";
import { command } from "./command.js";
import { hasPlaceholder, matching, NonEmptyText, storing, Text, verifying, waiting } from "./fields.js";

/** Longest life that browsers give a cookie, in seconds: 400 days. */
const MAX_AGE = 400 * 24 * 60 * 60;

/** A text of this form; one with placeholders is looked at when they are filled in. */
const formed = (text: typeof Text, form: RegExp, error: string) =>
  text.refine((value) => hasPlaceholder(value) || form.test(value), { error });

const CookieName = formed(
  NonEmptyText,
  /^[^\s;=,\p{Cc}]+$/u,
  "must be a name without blanks, ';', ',' and '='",
);
const CookieDomain = formed(
  NonEmptyText,
  /^\.?[a-z0-9._-]+$|^\[?[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*\]?$/i,
  "must be a host name, without scheme, port or path",
);
const SameSite = z.enum(["strict", "lax", "none"]);

/** The cookies that a command is about. */
const ofDomain = {
  domain: CookieDomain.optional().describe(
    "A host; those that the current page's address is sent unless given.",
  ),
};

const attributes = {
  http_only: z.boolean().optional().describe("`HttpOnly`: no script can read it."),
  secure: z.boolean().optional().describe("`Secure`: it is sent over https only."),
  same_site: SameSite.optional().describe("`SameSite`: whether requests of other sites carry it."),
};

const area = {
  storage: z
    .enum(["local", "session"])
    .optional()
    .describe("`local` (default) is `localStorage`, `session` is `sessionStorage`."),
};

const Key = Text.describe("The key under which the value is kept.");

export const storage = {
  set_cookie: command({
    action: "set_cookie",
    description: "Gives the browser session a cookie. The page learns of it when it is loaded or asks.",
    fields: {
      name: CookieName,
      value: formed(Text, /^[^;\p{Cc}]*$/u, "must hold no ';' and no control characters"),
      domain: CookieDomain.optional().describe(
        "The host for which it is, with a dot in front for its subdomains too; the current page's host unless given.",
      ),
      path: formed(Text, /^\/[^;\p{Cc}]*$/u, "must begin with '/'")
        .optional()
        .describe("`/` unless given."),
      max_age: z
        .int()
        .min(1)
        .max(MAX_AGE)
        .optional()
        .describe("Seconds until it ends; at the end of the run unless given."),
      ...attributes,
      ...waiting,
    },
    rules: [
      {
        holds: ({ same_site, secure }) => same_site !== "none" || secure === true,
        words: "with 'same_site' none needs 'secure', without which browsers refuse it",
      },
    ],
    example: { name: "consent", value: "all", domain: "shop.example" },
    offered: false,
  }),

  verify_cookie: command({
    action: "verify_cookie",
    description: "Passes once the browser session has the cookie, with this value and these attributes.",
    fields: {
      name: CookieName,
      expected_value: Text.optional().describe("Any value unless given."),
      ...matching("equals"),
      ...ofDomain,
      ...attributes,
      ...verifying,
    },
    example: { name: "consent", expected_value: "all" },
    offered: false,
  }),

  store_cookie: command({
    action: "store_cookie",
    description: "Keeps a cookie's value in a variable; waits until there is the cookie.",
    fields: { name: CookieName, ...ofDomain, ...storing },
    example: { name: "cart", variable: "cart" },
    offered: false,
  }),

  clear_cookies: command({
    action: "clear_cookies",
    description: "Deletes cookies of the browser session: all of them, or those of a name or a host.",
    fields: {
      name: CookieName.optional().describe("Cookies of any name unless given."),
      domain: CookieDomain.optional().describe("A host; every host unless given."),
      ...waiting,
    },
    example: { name: "session" },
    offered: false,
  }),

  set_storage: command({
    action: "set_storage",
    description: "Puts a value into the storage of the current page's origin.",
    fields: { key: Key, value: Text, ...area, ...waiting },
    example: { key: "theme", value: "dark" },
    offered: false,
  }),

  verify_storage: command({
    action: "verify_storage",
    description: "Passes once the storage of the current page's origin has the key, with this value.",
    fields: {
      key: Key,
      expected_value: Text.optional().describe("Any value unless given."),
      ...matching("equals"),
      ...area,
      ...verifying,
    },
    example: { key: "theme", expected_value: "dark" },
    offered: false,
  }),

  store_storage: command({
    action: "store_storage",
    description: "Keeps a value of the storage in a variable; waits until the storage has the key.",
    fields: { key: Key, ...area, ...storing },
    example: { key: "cart", storage: "session", variable: "cart" },
    offered: false,
  }),

  clear_storage: command({
    action: "clear_storage",
    description:
      "Empties the storage of the current page's origin, `local` and `session`, or deletes one key.",
    fields: {
      key: Text.optional().describe("Every key unless given."),
      storage: z.enum(["local", "session"]).optional().describe("Both unless given."),
      ...waiting,
    },
    example: {},
    offered: false,
  }),
};
