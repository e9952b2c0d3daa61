import type { Command, Script, Target } from "../../protocol/commands.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Slot } from "./grammar/phrase.js";
import { problem, rule, type Meaning, type Rule } from "./meaning.js";
import { byRole } from "./locating.js";
import { fieldLocators, FIRST_LOGIN_FIELD, LOGIN_BUTTON, PASSWORD_FIELD, toTarget } from "./locators.js";
import { nameOf } from "./names.js";
import { ADDRESS } from "./opening.js";
import { REST, SHORT_VALUE, VALUE, type DescribedValue } from "./values.js";

const LOGIN_NAMES = ["Log in", "Login", "Log In", "Sign in", "Sign In", "Log on", "Submit"];

/** The field for the user: called "Username" or, where the user is an address, "Email"; else the first of the form. */
function userField(user: string): Target {
  const [one, other] = user.includes("@") ? ["Email", "Username"] : ["Username", "Email"];
  const likeliest = fieldLocators(nameOf(one)).slice(0, 4);
  return toTarget([...likeliest, FIRST_LOGIN_FIELD, ...fieldLocators(nameOf(other)).slice(0, 4)]);
}

/** "to the application": words for what is logged in to. */
const TO_APPLICATION: Slot<true> = {
  name: "to the application",
  isGreedy: false,
  read: ({ words }) =>
    /^to (?:the |my )?(?:\w+ ){0,2}(?:app|application|site|website|system|account|page|store|shop|portal)$/.test(
      words.join(" "),
    )
      ? true
      : undefined,
};

/** "tom and secret", "tom / secret", "tom:secret". */
const PAIR: Slot<[string, string]> = {
  name: "user/password",
  isGreedy: false,
  read(phrase) {
    const [, user, password] = /^(\S+?)(?:,? and | ?\/ ?|, ?|:)(\S+)$/.exec(phrase.text) ?? [];
    if (user === undefined || password === undefined) return undefined;
    return [phrase.marking.value(user), phrase.marking.value(password)];
  },
};

function logIn(
  url: string | null,
  _app: unknown,
  user: DescribedValue,
  password: DescribedValue,
): Meaning | undefined {
  if (url !== null && !URL.canParse(url)) return problem(`"${url}" is no valid address`);
  const opening: Command[] = url === null ? [] : [{ action: "navigate", url, description: `Open ${url}` }];
  const commands: Script = [
    ...opening,
    {
      action: "input",
      ...userField(user.text),
      text: user.text,
      description: `Type ${user.text} into Username`,
    },
    {
      action: "input",
      ...PASSWORD_FIELD,
      text: password.text,
      description: "Type the password into Password",
    },
    {
      action: "click",
      ...toTarget([LOGIN_BUTTON, ...LOGIN_NAMES.map((name) => byRole("button", name))]),
      description: "Click the login button",
    },
  ];
  const asks = [user.asks, password.asks].filter((name) => name !== undefined);
  return { kind: "action", commands, login: "whole", ...(asks.length > 0 && { asks }) };
}

const plain = (text: string): DescribedValue => ({
  text,
  asks: undefined,
  words: text,
  isQuoted: false,
  isExample: false,
});

/** "Log in as tom with password secret": the fields and the button are found by their usual names. */
export const LOGGING_IN: Rule[] = [
  rule(
    form`(~log in|~log on|~sign in|~sign on|~login|~log into|~sign into) [to] ${maybe(ADDRESS)} ${maybe(TO_APPLICATION)} (as|with|using|by) [the|a|an] [valid] [credentials|credential] [:] [user] [username|name|user|id|e-mail|email|account|login] [address] [:] ${SHORT_VALUE} [,] [and|with|using|/] [with|using] [the|his|her|a] (password|passcode|passphrase|pass|pwd) [of|is|:] ${VALUE}`,
    logIn,
  ),
  rule(
    form`(~log in|~log on|~sign in|~sign on|~login|~log into|~sign into) [to] ${maybe(ADDRESS)} ${maybe(TO_APPLICATION)} (as|with|using|by) [the|a|an] [credentials|credential] [:] [user] [username|name|user|id|e-mail|email] [:] ${PAIR}`,
    (url, app, [user, password]) => logIn(url, app, plain(user), plain(password)),
  ),
  rule(form`(~log in|~log on|~sign in|~sign on|~login|~log into|~sign into) ${maybe(REST)}`, () =>
    problem('it names no user and password, such as "Log in as tom with password secret"'),
  ),
];
