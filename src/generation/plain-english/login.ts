import type { Command, Script, Target } from "../../protocol/commands.js";
import { problem, type Rule } from "./meaning.js";
import { byRole } from "./locating.js";
import { fieldLocators, FIRST_LOGIN_FIELD, LOGIN_BUTTON, PASSWORD_FIELD, toTarget } from "./locators.js";
import { nameOf } from "./names.js";

const LOGGING_IN = /^(?:log|sign)(?:s|g?ing)?[ -]?(?:in|on)(?: ?to\b)?(.*)$/i;
/** Words that may stand between a value and the next: "and", ",", "/", "with the". */
const BETWEEN = String.raw`(?:,? (?:and|with|using)|,| ?\/)(?: (?:and|with|using))?(?: the| his| her| a)?`;
const USER = String.raw`\b(?:as|with|using|by)(?: the| an?)?(?: credentials?| valid credentials?)?:?(?: user ?name| user(?: ?id)?| e-?mail(?: address)?| account| login)?:? `;
const PASSWORD = String.raw`(?:pass(?:word|code|phrase)?|pwd)(?: of| is|:)? `;
const NAMED = new RegExp(`${USER}(.+?)${BETWEEN} ?${PASSWORD}(.+)$`, "i");
const PAIR = new RegExp(String.raw`${USER}(\S+?)(?:,? and | ?\/ ?|, ?|:)(\S+)$`, "i");

const LOGIN_NAMES = ["Log in", "Login", "Log In", "Sign in", "Sign In", "Log on", "Submit"];

/** The field for the user: called "Username" or, where the user is an address, "Email"; else the first of the form. */
function userField(user: string): Target {
  const [one, other] = user.includes("@") ? ["Email", "Username"] : ["Username", "Email"];
  const likeliest = fieldLocators(nameOf(one)).slice(0, 4);
  return toTarget([...likeliest, FIRST_LOGIN_FIELD, ...fieldLocators(nameOf(other)).slice(0, 4)]);
}

/** "Log in as tom with password secret": the fields and the button are found by their usual names. */
export const logIn: Rule = (clause, { marking }) => {
  const words = LOGGING_IN.exec(clause)?.[1];
  if (words === undefined) return undefined;
  const [, user, password] = NAMED.exec(words) ?? PAIR.exec(words) ?? [];
  if (user === undefined || password === undefined) {
    return problem('it names no user and password, such as "Log in as tom with password secret"');
  }
  const url = marking.url(words.slice(0, words.indexOf(user)));
  if (url !== undefined && !URL.canParse(url)) return problem(`"${url}" is no valid address`);
  const opening: Command[] =
    url === undefined ? [] : [{ action: "navigate", url, description: `Open ${url}` }];
  const commands: Script = [
    ...opening,
    {
      action: "input",
      ...userField(marking.value(user)),
      text: marking.value(user),
      description: `Type ${marking.value(user)} into Username`,
    },
    {
      action: "input",
      ...PASSWORD_FIELD,
      text: marking.value(password),
      description: "Type the password into Password",
    },
    {
      action: "click",
      ...toTarget([LOGIN_BUTTON, ...LOGIN_NAMES.map((name) => byRole("button", name))]),
      description: "Click the login button",
    },
  ];
  return { kind: "action", commands, login: "whole" };
};
