import { refusal, type Rule } from "./meaning.js";

/** Descriptions that are goals and tell no step, such as "Test login functionality". */
export type Goal = "login" | "search" | "sign-up";

/** The part of a page that serves a goal, in words for people. */
export const SERVING: Record<Goal, string> = {
  login: "login form",
  search: "search field",
  "sign-up": "sign-up form",
};

const NAMES: Record<Goal, string> = {
  login: "log[ -]?in|log[ -]?on|logging in|sign[ -]?in|signing in|authentication",
  search: "search|searching",
  "sign-up": "sign[ -]?up|signing up|registration|register|registering",
};
/** Words that make a goal of the name of what is to be tested. */
const TESTING =
  "test|tests|testing|check|checks|verify|validate|try|trying|automate|ensure|confirm|can|could|able";
const FILLERS =
  "please|that|if|whether|the|an?|new|valid|existing|registered|successful|users?|customers?|visitors?|should|must|is|are|be|to|i|we";
const TESTED =
  "functionality|function|feature|form|flow|page|process|module|scenario|works?|should work|is working|is possible|as expected|successfully|with (?:valid|correct) (?:credentials|data|details)";

const GOALS = Object.entries(NAMES).map(([goal, names]): [Goal, RegExp] => [
  // The entries are those of the record.
  goal as Goal,
  new RegExp(
    `^(?<before>(?:(?:${TESTING}|${FILLERS}) )*)(?:${names})(?<after>(?: (?:${TESTED}))*)[.!]?$`,
    "i",
  ),
]);
const IS_TESTED = new RegExp(`\\b(?:${TESTING})\\b`, "i");

/** The goal that a sentence is; nothing where it tells something to do. */
export function goalOf(sentence: string): Goal | undefined {
  for (const [goal, pattern] of GOALS) {
    const { before = "", after = "" } = pattern.exec(sentence.trim())?.groups ?? {};
    if (after !== "" || IS_TESTED.test(before)) return goal;
  }
  return undefined;
}

const ORDER =
  /^(?:then |and )?(?:log|sign|register)\S*(?: ?in| ?on| ?up)? with (?:valid|correct) (?:credentials|data|details)[.!]?$/i;

/** Tells if a sentence wants its goal reached, as a step on the way, and does not ask whether it can be. */
export function isOrder(sentence: string): boolean {
  return ORDER.test(sentence.trim());
}

/** A goal is no command, whatever of it could be read as one. */
export const goal: Rule = ({ text }) => {
  const found = goalOf(text);
  if (found === undefined) return undefined;
  return refusal(
    `it is a goal and tells no step; give the page as 'start_url', on which the ${SERVING[found]} is looked for, or write its steps and what is seen then`,
  );
};
