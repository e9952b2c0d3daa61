import { z } from "zod";
import { isNetwork } from "./hosts/addresses.js";
import { refusalOfHost } from "./hosts/allowed-hosts.js";

/** The kinds of values that a variable of the configuration can have. Their errors are clauses after its name. */

/** One of several words. */
export function choice<const T extends [string, ...string[]]>(...words: T) {
  return z.enum(words, { error: `must be one of ${words.join(", ")}` });
}

export const flag = choice("true", "false", "1", "0").transform((value) => value === "true" || value === "1");

/** Items with commas between them. */
export const list = z.string().transform((value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

export const httpUrl = z.string().refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), {
  error: "must be an http or https URL",
});

/** The address of a webhook. It may have a secret in its path, but none that URLs are shown with elsewhere. */
export const webhookUrl = httpUrl.superRefine((value, { addIssue }) => {
  const { hostname, username, password } = new URL(value);
  if (username !== "" || password !== "") addIssue("must be URLs without a name and password");
  if (refusalOfHost(hostname, []) !== undefined)
    addIssue(`must not name ${hostname}, an address at which clouds hand out credentials`);
});

/** Bytes of a webhook's secret: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const WEBHOOK_SECRET_BYTES = { min: 24, max: 64 };

/** One secret, or several while one replaces another. */
export const webhookSecrets = list.transform((items, context): Uint8Array[] => {
  const secrets = items.map((item) => {
    const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(item) ?? [];
    return Buffer.from(base64, "base64");
  });
  const { min, max } = WEBHOOK_SECRET_BYTES;
  if (secrets.length > 0 && secrets.every(({ length }) => length >= min && length <= max)) return secrets;
  context.addIssue(
    `must be whsec_ and ${min} to ${max} bytes in Base64; echo "whsec_$(openssl rand -base64 32)" makes one`,
  );
  return z.NEVER;
});

/** An amount of money, or 0 for no limit. */
export const amount = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/, { error: "must be an amount such as 2.50, or 0 for no limit" })
  .transform(Number);

/** `MODEL=INPUT/OUTPUT`, each an amount of money for a million tokens, with commas between them. */
export const prices = list.transform((entries, context) => {
  const known = new Map<string, { input: number; output: number }>();
  for (const entry of entries) {
    const [, model, input, output] = /^(.+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
    if (model !== undefined) known.set(model.trim(), { input: Number(input), output: Number(output) });
    else context.addIssue("must be MODEL=INPUT/OUTPUT, such as gpt-4o-mini=0.15/0.60, comma-separated");
  }
  return known;
});

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, { error })
    .transform(Number)
    .pipe(z.int({ error }).min(min, { error }).max(max, { error }));
}

/** A number of seconds, with a fraction if it is wanted. */
export function seconds(max: number) {
  const error = `must be a number of seconds above 0, at most ${max}`;
  return z
    .string()
    .regex(NUMBER, { error })
    .transform(Number)
    .pipe(z.number().positive({ error }).max(max, { error }));
}

/** As {@link seconds}, where 0 has a meaning of its own. */
export function secondsOrNone(max: number, none = "no limit") {
  const error = `must be a number of seconds, at most ${max}, or 0 for ${none}`;
  return z.string().regex(NUMBER, { error }).transform(Number).pipe(z.number().max(max, { error }));
}

const NUMBER = /^\d+(\.\d+)?$/;

export const host = z.string().regex(/^((\*\.)?[a-z0-9._-]+|\[?[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*\]?)$/i, {
  error: "must be host names, without scheme, port or path",
});

/** Enough ports for the drivers and DevTools of a pool that is replaced while it is full. */
const LEAST_PORTS = 300;
export const ports = z
  .string()
  .regex(/^\d{4,5}-\d{4,5}$/, { error: "must be two ports with a hyphen between them, such as 23000-23999" })
  .transform((value) => {
    const [first = 0, last = 0] = value.split("-").map(Number);
    return { first, last };
  })
  .refine(({ first, last }) => first >= 1024 && last <= 65_535 && last - first >= LEAST_PORTS - 1, {
    error: `must be at least ${LEAST_PORTS} ports from 1024 to 65535`,
  });

export const proxyUrl = z
  .string()
  .refine((value) => /^(?:http|socks5):\/\/[^/]+\/?$/.test(value) && URL.canParse(value), {
    error:
      "must be http://host:port or socks5://host:port, with name:password@ in front of the host where it asks",
  });
/** An origin as browsers write it, to be compared as it stands: one in another spelling would never match. */
export const origin = z.string().superRefine((value, { addIssue }) => {
  const url = /^https?:\/\//i.test(value) && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.origin === value && !value.includes("*")) return;
  const example = url === undefined || value.includes("*") ? "https://qa.example.com" : url.origin;
  const rule = "must be origins as browsers write them: scheme, host and port, without a path, * or capitals";
  addIssue(`${rule}, such as ${example}`);
});

/** Names that stand for the private networks of a machine or a site. */
const NETWORK_NAMES = ["loopback", "linklocal", "uniquelocal"];
const MAX_HOPS = 10;

/** Proxies in front of the server: their addresses, or how many there are. */
export const proxies = list.transform((items, context): number | string[] => {
  const [first = "", ...more] = items;
  const hops = more.length === 0 && /^\d+$/.test(first) ? Number(first) : undefined;
  if (hops !== undefined && hops >= 1 && hops <= MAX_HOPS) return hops;
  if (items.every((item) => NETWORK_NAMES.includes(item) || isNetwork(item))) return items;
  context.addIssue(
    `must be the addresses or networks of your proxies (10.0.0.5, 10.0.0.0/8, loopback), or how many there are one behind the other (1 to ${MAX_HOPS}); to trust everybody would let each client choose its address`,
  );
  return z.NEVER;
});

/** Switches that Stepwire sets by itself: browsers would lose their isolation, their network or their connection. */
const OWN_SWITCHES =
  /^--(?:remote-debugging|user-data-dir|profile-directory|headless|no-headless|proxy-|no-proxy|host-rules|host-resolver-rules|enable-automation|enable-logging|log-|test-type|(?:force-)?webrtc-ip|no-startup-window|app(?:=|$)|load-extension|utility-cmd-prefix|renderer-cmd-prefix|gpu-launcher|browser-subprocess-path)/;

/** Switches of a browser's command line with white space between them. */
export const browserSwitches = z
  .string()
  .transform((value) => value.trim().split(/\s+/))
  .superRefine((switches, { addIssue }) => {
    const strange = switches.find((each) => !/^--[a-z]/.test(each));
    if (strange !== undefined)
      addIssue(
        `must be switches with white space between them, such as --force-prefers-reduced-motion: ${strange} is none`,
      );
    const own = switches.find((each) => OWN_SWITCHES.test(each));
    if (own !== undefined)
      addIssue(`must leave ${own.split("=")[0] ?? own} to Stepwire, which sets it by itself`);
  });

/** Capabilities that Stepwire sets by itself, or from other variables. */
const OWN_CAPABILITIES: Readonly<Record<string, string>> = {
  browserName: "BROWSER",
  acceptInsecureCerts: "IGNORE_CERTIFICATE_ERRORS",
  "goog:chromeOptions": "BROWSER_ARGUMENTS",
  "ms:edgeOptions": "BROWSER_ARGUMENTS",
  "moz:firefoxOptions": "BROWSER_ARGUMENTS",
  unhandledPromptBehavior: "DIALOGS",
  pageLoadStrategy: "Stepwire",
  timeouts: "Stepwire",
  webSocketUrl: "BROWSER_PROTOCOL",
  proxy: "Stepwire",
};

/** Capabilities of WebDriver (https://www.w3.org/TR/webdriver2/#capabilities) as JSON. */
export const capabilities = z.string().transform((value, context): Record<string, unknown> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    // Reported below, with everything else that is no object.
  }
  const error = 'must be a JSON object of capabilities, such as {"platformName": "linux"}';
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    context.addIssue(error);
    return z.NEVER;
  }
  const own = Object.keys(parsed).find((name) => Object.hasOwn(OWN_CAPABILITIES, name));
  if (own !== undefined) context.addIssue(`must leave ${own} to ${OWN_CAPABILITIES[own] ?? "Stepwire"}`);
  return parsed as Record<string, unknown>;
});
