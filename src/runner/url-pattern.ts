import { RE2JS } from "re2js";

/** A pattern of addresses, as `block_requests` and the like take it. */
export interface UrlPattern {
  /** @param url absolute; its fragment does not count */
  matches(url: string): boolean;
  /** The same as a regular expression of RE2, for what {@link partOf} answers. */
  readonly regex: string;
  /** The part of an address that is compared; nothing where it has none. */
  partOf(url: string): string | undefined;
  /** Takes in everything that the pattern does: `*` stands for any characters, everything else for itself. */
  readonly wildcard: string;
}

const GLOB_SIGNS = /[*{}\\]/;

/**
 * Reads a glob as Playwright has it: `*` stands for any characters but `/`, `**` for any, `{a,b}` for one of several texts,
 * `\` takes a sign its meaning, and everything else, `?` too, stands for itself.
 * https://playwright.dev/docs/network#glob-url-patterns
 *
 * @throws Error when a brace has no other
 */
export function urlPattern(glob: string): UrlPattern {
  const isPath = glob.startsWith("/");
  const { regex, wildcard } = read(GLOB_SIGNS.test(glob) ? glob : normal(glob));
  // It takes linear time for every pattern.
  const whole = `(?s)^(?:${regex})$`;
  const compiled = RE2JS.compile(whole);
  const partOf = (url: string) => (isPath ? pathOf(url) : url.replace(/#.*$/s, ""));
  return {
    matches(url) {
      const part = partOf(url);
      return part !== undefined && compiled.matcher(part).find();
    },
    regex: whole,
    partOf,
    wildcard: isPath ? `*${wildcard}` : wildcard,
  };
}

/** An address as browsers write it, with a slash after its host. */
function normal(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/#.*$/s, "") : url;
}

function pathOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function read(glob: string): { regex: string; wildcard: string } {
  let regex = "";
  let wildcard = "";
  let isInBraces = false;
  const add = (sign: string, loosely = sign) => {
    regex += sign;
    if (!isInBraces) wildcard += loosely;
  };
  for (let at = 0; at < glob.length; at++) {
    const sign = glob[at] ?? "";
    if (sign === "*") {
      const isDouble = glob[at + 1] === "*";
      while (glob[at + 1] === "*") at++;
      add(isDouble ? ".*" : "[^/]*", "*");
    } else if (sign === "{" && !isInBraces) {
      add("(?:", "*");
      isInBraces = true;
    } else if (sign === "}" && isInBraces) {
      regex += ")";
      isInBraces = false;
    } else if (sign === "," && isInBraces) regex += "|";
    else if (sign === "{" || sign === "}") throw unmatched(glob);
    else {
      const meant = sign === "\\" && at + 1 < glob.length ? (glob[++at] ?? "") : sign;
      // A sign that the browser's own wildcards know stands for any there.
      add(RE2JS.quote(meant), /[*?\\]/.test(meant) ? "*" : meant);
    }
  }
  if (isInBraces) throw unmatched(glob);
  return { regex, wildcard };
}

function unmatched(glob: string): Error {
  return new Error(`the pattern '${glob}' has a brace without its other; write '\\{' for the sign itself`);
}
