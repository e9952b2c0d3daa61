import { plainHost, refusalOfHost } from "../../hosts/allowed-hosts.js";
import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { expectationOf, seenText, verbOf } from "../matching.js";
import { poll } from "../polling.js";
import type { Cookie } from "../ports.js";
import { bondsTo, refuseUnbound } from "../secrets/rules.js";
import { wholeComparison } from "../secrets/whole-comparison.js";

/** Most names of cookies in a message. */
const MOST_NAMED = 10;

const SAME_SITE = { strict: "Strict", lax: "Lax", none: "None" } as const;

export const set_cookie: Executor<"set_cookie"> = {
  acts: true,
  describe: ({ name, domain }) => `Set the cookie '${name}'${domain === undefined ? "" : ` of ${domain}`}`,
  expectation: ({ name }) => `to set the cookie '${name}'`,
  atOnce: true,
  async execute(command, context) {
    const { page, signal, allowedHosts, variables } = context;
    const domain = command.domain ?? (await hostOfPage(context));
    refuseForbiddenDomain(domain, allowedHosts);
    refuseUnbound(domain, bondsTo(context.secretsOf("value"), variables));
    const { name, value, path = "/", http_only, secure = false, same_site, max_age } = command;
    const cookie: Cookie = { name, value, domain, path, httpOnly: http_only ?? false, secure };
    if (same_site !== undefined) cookie.sameSite = SAME_SITE[same_site];
    if (max_age !== undefined) cookie.expires = Math.floor(Date.now() / 1000) + max_age;
    await page.cookies.set(cookie, signal);
  },
};

export const verify_cookie: Executor<"verify_cookie"> = {
  acts: false,
  describe: (command) => `Verify that there is ${command.not ? "no" : "a"} ${describeCookie(command)}`,
  expectation: (command) => `${command.not ? "no" : "a"} ${describeCookie(command)}`,
  async execute(command, context) {
    const { expected_value, match, not = false } = command;
    const expectation = expectationOf({ match }, "equals", expected_value ?? "");
    const comparison = wholeComparison(expectation, context.variables);
    const isIt = (cookie: Cookie) =>
      (expected_value === undefined || comparison.isAsExpected(cookie.value)) &&
      hasAttributes(cookie, command);
    await poll(async (until) => {
      const all = await cookiesFor(command, { ...context, signal: until });
      const named = all.filter(({ name }) => name === command.name);
      const found = named.find(isIt);
      if ((found !== undefined) !== not) return undefined;
      const [seen] = found === undefined ? named : [found];
      if (seen === undefined) return whatThereIs(all);
      return `its value ${seenText(seen.value)}${comparison.note(seen.value)}${attributesOf(seen)}`;
    }, context);
  },
};

export const store_cookie: Executor<"store_cookie"> = {
  acts: false,
  describe: ({ name, variable }) => `Keep the cookie '${name}' as '${variable}'`,
  expectation: ({ name }) => `a cookie '${name}'`,
  async execute(command, context) {
    let value = "";
    await poll(async (until) => {
      const all = await cookiesFor(command, { ...context, signal: until });
      const found = all.find(({ name }) => name === command.name);
      if (found === undefined) return whatThereIs(all);
      ({ value } = found);
      return undefined;
    }, context);
    context.variables.set(command.variable, value);
  },
};

export const clear_cookies: Executor<"clear_cookies"> = {
  acts: true,
  describe: ({ name, domain }) =>
    `Delete ${name === undefined ? "every cookie" : `the cookie '${name}'`}${domain === undefined ? "" : ` of ${domain}`}`,
  expectation: () => "to delete cookies",
  atOnce: true,
  async execute({ name, domain }, { page, signal }) {
    if (name === undefined && domain === undefined) {
      await page.cookies.clear(signal);
      return;
    }
    for (const cookie of await page.cookies.list(undefined, signal)) {
      const isMeant =
        (name === undefined || cookie.name === name) && (domain === undefined || isOf(cookie, domain));
      if (isMeant) await page.cookies.delete(cookie, signal);
    }
  },
};

async function hostOfPage({ page, signal }: CommandContext): Promise<string> {
  const url = await page.url(signal);
  if (/^https?:/.test(url)) return new URL(url).hostname;
  throw new Error("no page is open whose host the cookie could be for; open one first, or name the 'domain'");
}

/** @param domain a host, with a dot in front when its subdomains are meant too */
function refuseForbiddenDomain(domain: string, allowed: readonly string[]): void {
  const host = plainHost(domain.replace(/^\./, ""));
  // A list that takes in every subdomain takes in the cookie that all of them share.
  if (allowed.some((pattern) => plainHost(pattern) === `*.${host}`)) return;
  const refusal = refusalOfHost(host, allowed);
  if (refusal !== undefined) throw new Error(refusal);
}

type Named = Pick<CommandOf<"verify_cookie">, "domain">;

async function cookiesFor({ domain }: Named, { page, signal }: CommandContext): Promise<Cookie[]> {
  if (domain !== undefined)
    return (await page.cookies.list(undefined, signal)).filter((cookie) => isOf(cookie, domain));
  const url = await page.url(signal);
  return /^https?:/.test(url) ? await page.cookies.list(url, signal) : [];
}

/** Browsers put a dot in front of a domain that takes in its subdomains; people may or may not. */
function isOf(cookie: Cookie, domain: string): boolean {
  const host = (text: string) => plainHost(text.replace(/^\./, ""));
  return host(cookie.domain) === host(domain);
}

type Attributes = Pick<CommandOf<"verify_cookie">, "http_only" | "secure" | "same_site">;

function hasAttributes(cookie: Cookie, { http_only, secure, same_site }: Attributes): boolean {
  return (
    (http_only ?? cookie.httpOnly) === cookie.httpOnly &&
    (secure ?? cookie.secure) === cookie.secure &&
    (same_site === undefined || cookie.sameSite === SAME_SITE[same_site])
  );
}

function attributesOf({ httpOnly, secure, sameSite }: Cookie): string {
  const set = [
    ...(httpOnly ? ["HttpOnly"] : []),
    ...(secure ? ["Secure"] : []),
    ...(sameSite === undefined ? [] : [`SameSite=${sameSite}`]),
  ];
  return set.length === 0 ? " (no attributes)" : ` (${set.join(", ")})`;
}

function whatThereIs(cookies: readonly Cookie[]): string {
  if (cookies.length === 0) return "there is no cookie";
  const names = [...new Set(cookies.map(({ name }) => `'${name}'`))];
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return `there is only ${names.slice(0, MOST_NAMED).join(", ")}${more}`;
}

function describeCookie(command: CommandOf<"verify_cookie">): string {
  const { name, domain, expected_value, match, http_only, secure, same_site } = command;
  const value =
    expected_value === undefined
      ? ""
      : ` whose value ${verbOf(expectationOf({ match }, "equals", expected_value))}`;
  const flags = { HttpOnly: http_only, Secure: secure };
  const attributes = Object.entries(flags).flatMap(([flag, is]) =>
    is === undefined ? [] : [`${is ? "with" : "without"} ${flag}`],
  );
  if (same_site !== undefined) attributes.push(`with SameSite=${SAME_SITE[same_site]}`);
  const tail = attributes.length === 0 ? "" : `, ${attributes.join(", ")}`;
  return `cookie '${name}'${domain === undefined ? "" : ` of ${domain}`}${value}${tail}`;
}
