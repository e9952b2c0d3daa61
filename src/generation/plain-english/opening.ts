import type { Marked } from "./marking.js";
import { action, problem, type Rule } from "./meaning.js";
import { clickOn } from "./targeted-commands.js";
import { readTarget } from "./targets.js";
import { startingWith, verbs } from "./words.js";

const OPENING = startingWith(
  `${verbs("open", "go to", "go back to", "return to", "visit", "navigate", "browse", "load", "launch", "start", "access", "head to")}\\b|(?:(?:i|we|you|(?:the |an? )?(?:\\w+ )?user) )?(?:am|is|are) (?:on|at)\\b`,
);
const ADDRESS =
  /^(?:the )?(?:base |start |test |web ?)?(?:url|address|app|application|site|page)(?: is| runs)?(?: at| on|:| =)? (?=\uFDD1)/i;
const HOST = / ((?:(?:[a-z\d-]+\.)+[a-z]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?(?:\/\S*)?)(?= |$)/i;
const FILE = /\.(?:html?|php|aspx?|jsp|pdf|txt|csv|png|jpe?g|js|json|xml|zip|exe)$/i;
const PATH = / (\/[\w\-./?=&%~]*)(?= |$)/;
/** An address that is known when the test runs: `${env.BASE_URL}/login`. */
const VARIABLE = /(?:^|[ "'“])((?:https?:\/\/[^\s"'”]*)?\$\{[\w.]+\}[^\s"'”]*)/i;
const OPENED_THING = /^open(?:s|ing)? (.+ (?:menu|tab|link|section|drop-?down|accordion|panel))$/i;

/** Open, go to, visit: with an address. */
export const open: Rule = (clause, { marking, baseUrl }) => {
  const isOpening = OPENING.test(clause);
  if (!isOpening && !/^\uFDD1\d+\uFDD3$/.test(clause) && !ADDRESS.test(clause)) return undefined;
  const variable = VARIABLE.exec(marking.raw(clause))?.[1];
  const url = variable ?? marking.url(clause) ?? hostUrl(clause) ?? relativeUrl(clause, baseUrl);
  if (url !== undefined) {
    if (variable === undefined && !URL.canParse(url)) return problem(`"${url}" is no valid address`);
    return action({
      action: / new (?:browser )?(?:tab|window)\b/i.test(clause) ? "new_window" : "navigate",
      url,
    });
  }
  const thing = OPENED_THING.exec(clause)?.[1];
  if (thing !== undefined) return clickOn(readTarget(thing, marking));
  return problem('it names no http or https address, such as "Open https://example.com"');
};

function hostUrl(clause: Marked): string | undefined {
  const host = HOST.exec(clause)?.[1];
  if (host === undefined || FILE.test(host)) return undefined;
  return /^(?:localhost|[\d.]+)(?::|\/|$)/i.test(host) ? `http://${host}` : `https://${host}`;
}

function relativeUrl(clause: Marked, baseUrl: string | undefined): string | undefined {
  const path = PATH.exec(clause)?.[1];
  if (path === undefined || baseUrl === undefined || !URL.canParse(path, baseUrl)) return undefined;
  return new URL(path, baseUrl).href;
}
