import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import {
  buttonXPath,
  clickableXPath,
  fieldXPath,
  linkXPath,
  listXPath,
  toggleXPath,
} from "../../../src/generation/plain-english/xpath.js";
import type { Command } from "../../../src/protocol/commands.js";

const generator = new PlainEnglishGenerator();
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

/** The commands of a description, each as its action, its value and its target. */
async function read(description: string): Promise<unknown[]> {
  const { steps } = await generator.generateCase(description, context);
  return steps.flatMap(({ commands }) => commands).map(brief);
}

function brief(command: Command): unknown[] {
  const { action, ...fields } = { ...command, description: undefined };
  const { locator_type, locator_value, ...values } = fields as Record<string, unknown>;
  const target =
    locator_type === undefined
      ? []
      : [locator_type === "xpath" ? locator_value : [locator_type, locator_value]];
  return [action, ...Object.values(values).filter((value) => value !== undefined), ...target];
}

async function reasonFor(description: string): Promise<string> {
  const { warnings } = await generator.generateCase(`Open http://a.test. ${description}`, context);
  expect(warnings).toHaveLength(1);
  return warnings[0] ?? "";
}

const login = buttonXPath("Login");
const BODY = ["tag", "body"];

describe("opening", () => {
  it.each([
    ["Open http://localhost:3000/login.", "http://localhost:3000/login"],
    ["Go to https://the-internet.herokuapp.com/login", "https://the-internet.herokuapp.com/login"],
    ["Visit http://a.test/x?y=1,2!", "http://a.test/x?y=1,2"],
    ['NAVIGATE TO "https://a.test".', "https://a.test"],
    ["The user goes to the login page (https://a.test/login).", "https://a.test/login"],
    ["Given I am on https://a.test", "https://a.test"],
    ["https://a.test/only", "https://a.test/only"],
    ["The application runs at http://a.test", "http://a.test"],
    ["Open example.com/shop", "https://example.com/shop"],
    ["Browse to localhost:8080", "http://localhost:8080"],
  ])("%s", async (sentence, url) => {
    expect(await read(sentence)).toEqual([["navigate", url]]);
  });

  it("takes a path as relative to the first address", async () => {
    expect(await read("Open http://a.test/login?x=1. Click Login. Go to /shop/cart.")).toContainEqual([
      "navigate",
      "http://a.test/shop/cart",
    ]);
  });
});

describe("typing", () => {
  const username = fieldXPath("Username");
  it.each([
    ["Type tomsmith into Username", "tomsmith", username],
    ["Please enter tomsmith in the Username field.", "tomsmith", username],
    ["Fill in Username with tomsmith", "tomsmith", username],
    ["Fill the Username field with tomsmith.", "tomsmith", username],
    ["Set Username to tomsmith", "tomsmith", username],
    ["the user types tomsmith into the field named Username", "tomsmith", username],
    ["Enter the username tomsmith", "tomsmith", fieldXPath("username")],
    ["Username: tomsmith", "tomsmith", username],
    ["Use tomsmith as the Username", "tomsmith", username],
    ["Type SuperSecretPassword! into Password", "SuperSecretPassword!", fieldXPath("Password")],
    ["Type john.doe@example.com into E-mail.", "john.doe@example.com", fieldXPath("E-mail")],
    ["Type 3.14 into Amount.", "3.14", fieldXPath("Amount")],
    ["Type made in Germany in the Country field", "made in Germany", fieldXPath("Country")],
    ["Type fish and click bait into Title", "fish and click bait", fieldXPath("Title")],
    ['Type "a, then click b. And c" into Title', "a, then click b. And c", fieldXPath("Title")],
    ["Type 'it's' into Title", "it's", fieldXPath("Title")],
    ["Type “  spaced  ” into Title", "  spaced  ", fieldXPath("Title")],
    ['Type "" into Title', "", fieldXPath("Title")],
    ["Clear the Title field", "", fieldXPath("Title")],
    ["Leave Title empty", "", fieldXPath("Title")],
    ['Type 5 into “Author\'s "name"”', "5", fieldXPath('Author\'s "name"')],
    ["Type tom into #user", "tom", ["id", "user"]],
    ["Type tom into css=input[name='a b']", "tom", ["css", "input[name='a b']"]],
    ["Enter tom in the field with id user-name", "tom", ["id", "user-name"]],
  ])("%s", async (sentence, text, target) => {
    expect((await read(sentence))[0]).toEqual(["input", text, target]);
  });

  it("never puts a password into the description of a command", async () => {
    const { steps } = await generator.generateCase("Type secret into Password", context);
    expect(steps[0]?.commands[0]?.description).toBe("Type the password into Password");
  });
});

describe("clicking and selecting", () => {
  it.each([
    ["Click the Login button", ["click", login]],
    ['Click on the "Login" button on the login page.', ["click", login]],
    ["Press the button labelled Login", ["click", login]],
    ["When I tap the Login Button", ["click", login]],
    ["Click the Login button to sign in", ["click", login]],
    ["After clicking the Login button", ["click", login]],
    ["Click Login!", ["click", clickableXPath("Login")]],
    ["Click Add to cart", ["click", clickableXPath("Add to cart")]],
    ["Click Text Box", ["click", clickableXPath("Text Box")]],
    ["Click Search and Select", ["click", clickableXPath("Search and Select")]],
    ["Press the Save and Close button", ["click", buttonXPath("Save and Close")]],
    ["Click the link Products", ["click", linkXPath("Products")]],
    ["Click the Products link in the header", ["click", linkXPath("Products")]],
    ["Check the Remember me checkbox", ["click", toggleXPath("Remember me")]],
    ["Untick Newsletter", ["click", toggleXPath("Newsletter")]],
    ["Select the Express radio button", ["click", toggleXPath("Express")]],
    ["Select the Invoices tab", ["click", clickableXPath("Invoices tab", "Invoices")]],
    ["Click #login", ["click", ["id", "login"]]],
    ["Click the #login button.", ["click", ["id", "login"]]],
    ["Click css=.buy", ["click", ["css", ".buy"]]],
    ["Click id=buy.", ["click", ["id", "buy"]]],
    ['Click xpath=//button[text()="x y"].', ["click", ["xpath", '//button[text()="x y"]'][1]]],
    ['Click "xpath=//a[1]"', ["click", "//a[1]"]],
    ["Select Large from Size", ["select", "Large", listXPath("Size")]],
    ["Choose Express delivery from the Shipping list", ["select", "Express delivery", listXPath("Shipping")]],
    ["Choose Red in the Colour dropdown", ["select", "Red", listXPath("Colour")]],
    ["Set the Size dropdown to Large", ["select", "Large", listXPath("Size")]],
    ['Select "Click" from Verb', ["select", "Click", listXPath("Verb")]],
  ])("%s", async (sentence, command) => {
    expect(await read(sentence)).toEqual([command]);
  });
});

describe("waiting", () => {
  it.each([
    ["Wait 2 seconds", 2],
    ["Wait for 1.5s.", 1.5],
    ["wait two minutes", 120],
    ["Pause for 500 ms", 0.5],
    ["Wait a second", 1],
  ])("%s", async (sentence, seconds) => {
    expect(await read(sentence)).toEqual([["wait", seconds]]);
  });

  it("waits for what is named", async () => {
    expect(await read("Wait for the Login button to appear")).toEqual([["verify_element_present", login]]);
    expect(await read("Wait until the page shows Welcome")).toEqual([["verify_text", "Welcome", BODY]]);
  });
});

describe("logging in", () => {
  it.each([
    ["Log in as tom with password secret", "tom", "secret"],
    ["Sign in with username tom and password secret!", "tom", "secret!"],
    ['Log in as "a and b" with the password "c, d and e".', "a and b", "c, d and e"],
    ["log in with tom@example.com / secret", "tom@example.com", "secret"],
    ["The user logs in using tom and secret", "tom", "secret"],
  ])("%s", async (sentence, user, password) => {
    const commands = await read(sentence);
    expect(commands.map((command) => (command as unknown[]).slice(0, -1))).toEqual([
      ["input", user],
      ["input", password],
      ["click"],
    ]);
  });

  it("opens the address that it names", async () => {
    expect((await read("Log in to http://a.test as tom with password secret"))[0]).toEqual([
      "navigate",
      "http://a.test",
    ]);
  });
});

describe("checking", () => {
  const shows = (...texts: string[]): unknown[] => texts.map((text) => ["verify_text", text, BODY]);
  const presence = (target: string): unknown[] => [["verify_element_present", target]];
  it.each([
    ["Check that the page shows Welcome", shows("Welcome")],
    ["Verify that the page contains the text Secure Area.", shows("Secure Area")],
    ["Verify the page displays “Hi, Tom. Bye”", shows("Hi, Tom. Bye")],
    ['Expect "Welcome"', shows("Welcome")],
    ["Make sure Welcome is displayed on the page", shows("Welcome")],
    ["The page should show Welcome back!", shows("Welcome back")],
    ["Then I should see Welcome", shows("Welcome")],
    ['Check that an error message "Bad password" appears', shows("Bad password")],
    ["An error message saying Bad password should appear", shows("Bad password")],
    ['"A" and "B" are shown', shows("A", "B")],
    ["Ensure the page shows You're in", shows("You're in")],
    ['The heading is "Dashboard"', shows("Dashboard")],
    ["Expected result: the page shows Welcome", shows("Welcome")],
    ["Check that the Login button is present", presence(login)],
    ["Verify the Login button", presence(login)],
    ["I should see the Login button", presence(login)],
    ["The Login button should be visible", presence(login)],
    ["There should be a link Home on the page", presence(linkXPath("Home"))],
    ["Check that the Username field is shown", presence(fieldXPath("Username"))],
    ['Check that #flash contains "You are in"', [["verify_text", "You are in", ["id", "flash"]]]],
    [
      "Check that Welcome is shown and the Logout link is visible",
      [...shows("Welcome"), ...presence(linkXPath("Logout"))],
    ],
  ])("%s", async (sentence, commands) => {
    expect(await read(sentence)).toEqual(commands);
  });

  it("says when a check is wider than asked", async () => {
    expect(await reasonFor("Check that the cart shows 3 items")).toMatch(
      /^Understood in part: .*not only in "cart"/,
    );
  });
});

describe("chains in one sentence", () => {
  it.each([
    "Type tom into Username, type secret into Password, and click Login.",
    "Type tom into Username and secret into Password, then click Login",
    "Type tom into Username and then type secret into Password and click Login",
    "Enter tom in the Username field; enter secret in the Password field; press Login",
    'Type "tom" into "Username". Then, please, type "secret" into "Password". Click "Login"!',
    "type tom into Username. type secret into Password. click Login.",
  ])("%s", async (sentence) => {
    expect(await read(sentence)).toEqual([
      ["input", "tom", fieldXPath("Username")],
      ["input", "secret", fieldXPath("Password")],
      ["click", clickableXPath("Login")],
    ]);
  });

  it("ends a sentence at a full stop inside quotation marks", async () => {
    expect(await read('Check that the page shows "Welcome." Click Login.')).toEqual([
      ["verify_text", "Welcome.", BODY],
      ["click", clickableXPath("Login")],
    ]);
  });

  it("does not end one after an initial or an abbreviation", async () => {
    expect(await read("Type Dr. J. Smith into Name. Type 5 p.m. today into Time.")).toEqual([
      ["input", "Dr. J. Smith", fieldXPath("Name")],
      ["input", "5 p.m. today", fieldXPath("Time")],
    ]);
  });
});

describe("what is not understood", () => {
  it.each([
    ["Dance with me.", /^Not understood: “Dance with me”\.$/],
    ["Open the login page.", /no http or https address/],
    ["Open file:///etc/passwd.", /no http or https address/],
    ["Type hello.", /no value and field/],
    ["Enter a valid e-mail in the E-mail field.", /exact value/],
    ["Enter your password in the Password field.", /exact value/],
    ["Fill in the form with tom.", /which element/],
    ["Click it.", /which element/],
    ["Press Enter.", /no command for keys/],
    ["Double-click the Row link.", /only a plain click/],
    ["Hover over Products.", /no command for this/],
    ["Select Large.", /names no list/],
    ["Log in as tom.", /no user and password/],
    ["Wait 10 minutes.", /at most 300/],
    ["Check that no error is shown.", /not what is absent/],
    ['I should not see "Error".', /not what is absent/],
    ["The page does not show Error.", /not what is absent/],
    ["The Login button is no longer visible.", /not what is absent/],
    ["Check that the URL is http://a.test/x.", /address and the title/],
    ["Check that the Username field contains tom.", /value of a form field/],
    ["Check that an error message is shown.", /exact text .* quotation marks/],
    ["The dashboard is shown.", /exact text .* quotation marks/],
    ["Verify login functionality.", /no text or element/],
    ['Type "import os" into Name.', /Python/],
  ])("%s", async (sentence, reason) => {
    expect(await reasonFor(sentence)).toMatch(reason);
  });

  it("keeps what it understands of the same sentence", async () => {
    const { steps, warnings } = await generator.generateCase("Scroll down and click Login", context);
    expect(steps.flatMap(({ commands }) => commands)).toHaveLength(1);
    expect(warnings[0]).toBe("Not understood: “Scroll down”: there is no command for this.");
  });

  it("refuses a description with no sentence that it understands, with examples", async () => {
    await expect(generator.generateCase("Test login functionality", context)).rejects.toMatchObject({
      name: "AppError",
      code: "invalid_description",
      message: expect.stringMatching(/“Test login functionality”.*Click the Login button\./) as string,
    });
  });

  it("warns when nothing opens a page", async () => {
    const { warnings } = await generator.generateCase("Click Login", context);
    expect(warnings).toEqual([
      'No sentence opens a page. Begin with one such as "Open https://example.com".',
    ]);
  });
});
