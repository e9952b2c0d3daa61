import { describe, expect, test } from "vitest";
import { Withheld } from "../../../src/generation/openai/withheld.js";

const SECRETS = ["tok-of-the-server"];

describe("a password that an author has written out", () => {
  test.each([
    ['Type "hunter2" into the Password field', 'Type "[[withheld 1]]" into the Password field'],
    [
      'Enter "tom" into "User name" and "hunter2" into "Password"',
      'Enter "[[withheld 1]]" into "User name" and "[[withheld 2]]" into "Password"',
    ],
    ["Log in as tom with password hunter2.", "Log in as tom with password [[withheld 1]]."],
    ["Username: tom\nPassword: Summer!", "Username: tom\nPassword: [[withheld 1]]"],
    ["Enter open-sesame as the password", "Enter [[withheld 1]] as the password"],
    ["Log in with tom/hunter2", "Log in with tom/[[withheld 1]]"],
    ["The header has tok-of-the-server", "The header has [[withheld 1]]"],
  ])("is not told: %s", (text, told) => {
    const withheld = new Withheld(SECRETS);
    expect(withheld.hide(text)).toBe(told);
    expect(JSON.parse(withheld.restore(JSON.stringify(told)))).toBe(text);
  });

  test.each([
    'Click the "Forgot password?" link',
    "The Password field is empty",
    "Type ${secret.PASSWORD} into the Password field",
    "Enter a valid password",
    'Click "Save"',
    'Type "rain" into Search',
    "Open https://shop.test/sign-in",
  ])("is none: %s", (text) => {
    expect(new Withheld(SECRETS).hide(text)).toBe(text);
  });

  test("is not told by what comes of it either", () => {
    const withheld = new Withheld([]);
    withheld.hide('Type "hun\\"ter2" into Password. Type "hunter2" into Password');
    expect(withheld.hideAgain("the field holds hunter2")).toBe("the field holds [[withheld 2]]");
  });
});
