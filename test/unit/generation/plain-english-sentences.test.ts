import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import { fromDescriptions } from "../../support/told.js";
import { LOCATOR_TYPES, type Command, type Locator } from "../../../src/protocol/commands.js";

const generator = fromDescriptions(new PlainEnglishGenerator());
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

async function commandsOf(description: string): Promise<Command[]> {
  const { steps } = await generator.generateCase(description, context);
  return steps.flatMap(({ commands }) => commands);
}

/** The commands of a description, each as its action, its values and its first locator. */
async function read(description: string): Promise<unknown[]> {
  return (await commandsOf(description)).map(brief);
}

function brief(command: Command): unknown[] {
  const { action, ...fields } = { ...command, description: undefined, alternatives: undefined };
  const { locator_type, locator_value, locator_name, exact, ...values } = fields as Partial<Locator>;
  const target =
    locator_type === undefined || locator_value === undefined
      ? []
      : [short({ locator_type, locator_value, locator_name, exact })];
  return [action, ...Object.values(values).filter((value) => value !== undefined), ...target];
}

/** `role button Save`, `label Email`; with a tilde where a part of the name is enough. */
function short({ locator_type, locator_value, locator_name, exact }: Locator): string {
  const words = [locator_type, locator_value, locator_name].filter((word) => word !== undefined);
  return words.join(" ") + (exact === false ? " ~" : "");
}

async function reasonFor(description: string): Promise<string> {
  const { warnings } = await generator.generateCase(`Open http://a.test. ${description}`, context);
  expect(warnings).toHaveLength(1);
  return warnings[0] ?? "";
}

const field = (name: string): string => `label ${name}`;
const button = (name: string): string => `role button ${name}`;
const link = (name: string): string => `role link ${name}`;
const login = button("Login");
const SUBMIT = "css form :is(button:not([type]),button[type=submit],input[type=submit],input[type=image])";
const BODY = "tag body";

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
    ["Open ${env.BASE_URL}/login.", "${env.BASE_URL}/login"],
    ['Go to "https://${tenant}.a.test/x"', "https://${tenant}.a.test/x"],
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
  const username = field("Username");
  it.each([
    ["Type tomsmith into Username", "tomsmith", username],
    ["Please enter tomsmith in the Username field.", "tomsmith", username],
    ["Fill in Username with tomsmith", "tomsmith", username],
    ["Fill the Username field with tomsmith.", "tomsmith", username],
    ["Set Username to tomsmith", "tomsmith", username],
    ["the user types tomsmith into the field named Username", "tomsmith", username],
    ["Enter the username tomsmith", "tomsmith", field("Username")],
    ["Username: tomsmith", "tomsmith", username],
    ["Use tomsmith as the Username", "tomsmith", username],
    ["Type SuperSecretPassword! into Password", "SuperSecretPassword!", field("Password")],
    ["Type john.doe@example.com into E-mail.", "john.doe@example.com", field("E-mail")],
    ["Type 3.14 into Amount.", "3.14", field("Amount")],
    ["Type made in Germany in the Country field", "made in Germany", field("Country")],
    ["Type fish and click bait into Title", "fish and click bait", field("Title")],
    ['Type "a, then click b. And c" into Title', "a, then click b. And c", field("Title")],
    ["Type 'it's' into Title", "it's", field("Title")],
    ["Type “  spaced  ” into Title", "  spaced  ", field("Title")],
    ['Type "" into Title', "", field("Title")],
    ['Type 5 into “Author\'s "name"”', "5", field('Author\'s "name"')],
    ["Type ${secret.PIN} into Code", "${secret.PIN}", field("Code")],
    ["Type tom into #user", "tom", "id user"],
    ["Type tom into css=input[name='a b']", "tom", "css input[name='a b']"],
    ["Enter tom in the field with id user-name", "tom", "id user-name"],
  ])("%s", async (sentence, text, target) => {
    expect((await read(sentence))[0]).toEqual(["input", text, target]);
  });

  it.each([
    ["Clear the Title field", ["clear", field("Title")]],
    ["Leave Title empty", ["clear", field("Title")]],
    ["Empty the e-mail field", ["clear", field("E-mail")]],
    ["Focus the Title field", ["focus", field("Title")]],
    ["Put the cursor in the Title field", ["focus", field("Title")]],
    ["Upload photo.png to the Avatar field", ["upload_file", "photo.png", field("Avatar")]],
    ['Upload the file "my cv.pdf"', ["upload_file", "my cv.pdf", "css input[type=file]"]],
    ["Choose the file cv.pdf for Resume", ["upload_file", "cv.pdf", field("Resume")]],
  ])("%s", async (sentence, command) => {
    expect(await read(sentence)).toEqual([command]);
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
    ["Click Login!", ["click", button("Login")]],
    ["Click Add to cart", ["click", button("Add to cart")]],
    ["Click Text Box", ["click", button("Text Box")]],
    ["Click Search and Select", ["click", button("Search and Select")]],
    ["Press the Save and Close button", ["click", button("Save and Close")]],
    ["Click the link Products", ["click", link("Products")]],
    ["Click the Products link on the shop page", ["click", link("Products")]],
    ["Select the Invoices tab", ["click", "role tab Invoices"]],
    ["Click the File menu", ["click", "role menuitem File"]],
    ["Click the cart icon", ["click", button("Cart")]],
    ["Click the company logo", ["click", "role img Company"]],
    ["Click the login button", ["click", login]],
    ["Click #login", ["click", "id login"]],
    ["Click the #login button.", ["click", "id login"]],
    ["Click css=.buy", ["click", "css .buy"]],
    ["Click id=buy.", ["click", "id buy"]],
    ['Click xpath=//button[text()="x y"].', ["click", 'xpath //button[text()="x y"]']],
    ['Click "xpath=//a[1]"', ["click", "xpath //a[1]"]],
    ['Click role=button[name="Save all"].', ["click", button("Save all")]],
    ['Click text="Save all"', ["click", "text Save all"]],
    ["Click the button with test id save-all", ["click", "test_id save-all"]],
    ["Hover over the Products link", ["hover", link("Products")]],
    ["Move the mouse over Help", ["hover", button("Help")]],
    ["Double-click the Row link", ["double_click", link("Row")]],
    ['Double click on "Cell 1"', ["double_click", "text Cell 1"]],
    ["Right-click the Edit button", ["right_click", button("Edit")]],
    ["Submit the form", ["click", SUBMIT]],
    ["Log out", ["click", link("Log out")]],
    ["Check the Remember me checkbox", ["check", "role checkbox Remember me"]],
    ["Tick Newsletter", ["check", field("Newsletter")]],
    ["Untick Newsletter", ["uncheck", field("Newsletter")]],
    ["Uncheck the Newsletter checkbox", ["uncheck", "role checkbox Newsletter"]],
    ["Clear the Newsletter checkbox", ["uncheck", "role checkbox Newsletter"]],
    ["Turn on Dark mode", ["check", field("Dark mode")]],
    ["Toggle the Dark mode switch", ["click", "role switch Dark mode"]],
    ["Select the Express radio button", ["check", "role radio Express"]],
    ["Select Large from Size", ["select", "Large", field("Size")]],
    ["Choose Express delivery from the Shipping list", ["select", "Express delivery", field("Shipping")]],
    ["Choose Red in the Colour dropdown", ["select", "Red", field("Colour")]],
    ["Set the Size dropdown to Large", ["select", "Large", field("Size")]],
    ['Select "Click" from Verb', ["select", "Click", field("Verb")]],
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
    expect(await read("Wait for the Login button to appear")).toEqual([["wait_for", "visible", login]]);
    expect(await read("Wait until the page shows Welcome")).toEqual([["wait_for_text", "Welcome", BODY]]);
    expect(await read("Wait for the Spinner image to disappear")).toEqual([
      ["wait_for", "hidden", "role img Spinner ~"],
    ]);
    expect(await read("Wait until the URL contains /done")).toEqual([["wait_for_url", "/done"]]);
    expect(await read("Wait until the download completes")).toEqual([["wait_for_download"]]);
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
  const visible = (target: string): unknown[] => [["verify_visible", target]];
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
    ['The heading is "Dashboard"', [["verify_visible", "role heading Dashboard"]]],
    ["Expected result: the page shows Welcome", shows("Welcome")],
    ["Check that the Login button is present", presence(login)],
    ["Verify the Login button", presence(login)],
    ["I should see the Login button", visible(login)],
    ["The Login button should be visible", visible(login)],
    ["There should be a link Home on the page", presence(link("Home"))],
    ["Check that the Username field is shown", visible(field("Username"))],
    ['Check that #flash contains "You are in"', [["verify_text", "You are in", "id flash"]]],
    [
      "Check that Welcome is shown and the Logout link is visible",
      [...shows("Welcome"), ...visible(link("Logout"))],
    ],
  ])("%s", async (sentence, commands) => {
    expect(await read(sentence)).toEqual(commands);
  });

  it("looks only in the part of the page that is named", async () => {
    expect(await reasonFor("Check that the cart shows 3 items")).toMatch(/how "the cart" is found/);
  });
});

describe("checking what is not there", () => {
  const gone = (...texts: string[]): unknown[] => texts.map((text) => ["verify_text", text, true, BODY]);
  it.each([
    ['I should not see "Error"', gone("Error")],
    ['The page does not show "Error"', gone("Error")],
    ["The page should not contain the text “Error”", gone("Error")],
    ['Verify the text "Error" is not present on the page', gone("Error")],
    ['No "Error" message is displayed', gone("Error")],
    ['Make sure the error message "Error" is gone', gone("Error")],
    ['"Error" should disappear', gone("Error")],
    ['"A" and "B" are not shown', gone("A", "B")],
    ["The Login button is no longer visible", [["verify_hidden", "role button Login ~"]]],
    ["The Login button isn't displayed", [["verify_hidden", "role button Login ~"]]],
    ['The "Delete" button disappears', [["verify_hidden", button("Delete")]]],
    ["I cannot see the Admin link", [["verify_hidden", "role link Admin ~"]]],
    ["There is no Delete button", [["verify_element_absent", "role button Delete ~"]]],
    ["The Delete link does not exist", [["verify_element_absent", "role link Delete ~"]]],
    ['There should not be a link "Admin"', [["verify_element_absent", link("Admin")]]],
    ["#flash is not visible", [["verify_hidden", "id flash"]]],
  ])("%s", async (sentence, commands) => {
    expect(await read(sentence)).toEqual(commands);
  });

  it("counts a link in place of the button too", async () => {
    expect(await commandsOf('The "Delete" button disappears')).toMatchObject([
      { alternatives: [{ locator_type: "role", locator_value: "link", locator_name: "Delete" }] },
    ]);
  });
});

describe("checking states and values", () => {
  it.each([
    ["Check that the Login button is enabled", ["verify_enabled", login]],
    ["The Login button is disabled", ["verify_enabled", true, login]],
    ["The Login button should not be enabled", ["verify_enabled", true, login]],
    ["The Remember me checkbox is checked", ["verify_checked", "role checkbox Remember me"]],
    ["Newsletter is not ticked", ["verify_checked", true, field("Newsletter")]],
    ["Verify the Terms checkbox is unchecked", ["verify_checked", true, "role checkbox Terms"]],
    ["The Terms checkbox is not unchecked", ["verify_checked", "role checkbox Terms"]],
    ["The Express radio button is selected", ["verify_checked", "role radio Express"]],
    ["Verify that “Large” is selected in Size", ["verify_selected", "Large", field("Size")]],
    ["The Size dropdown is set to Large", ["verify_selected", "Large", field("Size")]],
    ["Check that the Username field contains tom", ["verify_value", "tom", "contains", field("Username")]],
    ["The Name field should not contain tom", ["verify_value", "tom", "contains", true, field("Name")]],
    ['The E-mail field has the value "a@b.test"', ["verify_value", "a@b.test", field("E-mail")]],
    ["The value of Quantity is 2", ["verify_value", "2", field("Quantity")]],
    ["The Name field should be empty", ["verify_value", "", field("Name")]],
    ["The Login button isn't enabled", ["verify_enabled", true, login]],
    ['The Name field is "Ada"', ["verify_value", "Ada", field("Name")]],
    ["The Quantity field is not 2", ["verify_value", "2", true, field("Quantity")]],
    ["The Name field is visible", ["verify_visible", field("Name")]],
    ["The Name field is not visible", ["verify_hidden", "label Name ~"]],
    ["The Name field is read-only", ["verify_editable", true, field("Name")]],
  ])("%s", async (sentence, command) => {
    expect(await read(sentence)).toEqual([command]);
  });

  it("never tells the password that a field should have", async () => {
    const { steps } = await generator.generateCase("The Password field has the value secret", context);
    expect(steps[0]?.commands[0]).toMatchObject({ action: "verify_value", expected_value: "secret" });
    expect(JSON.stringify([steps[0]?.expectedResult, steps[0]?.commands[0]?.description])).not.toContain(
      "secret",
    );
  });
});

describe("checking the page as a whole", () => {
  it.each([
    ["Check that the URL is http://a.test", ["verify_url", "http://a.test/", "equals"]],
    ["The URL contains /cart", ["verify_url", "/cart"]],
    ["The address should end with /cart.html", ["verify_url", "/cart\\.html$", "regex"]],
    ["The user is redirected to /cart", ["verify_url", "/cart"]],
    ['The page title is "Cart"', ["verify_title", "Cart", "equals"]],
    ["Verify that the title contains Shop", ["verify_title", "Shop"]],
    ['The title should not be "Error"', ["verify_title", "Error", "equals", true]],
    ['Verify that a JavaScript alert says "Hello"', ["verify_dialog", "Hello"]],
    ["A confirm dialog appears", ["verify_dialog"]],
    ["Verify report.pdf is downloaded", ["verify_download", "report.pdf"]],
    ["There are 3 links", ["verify_count", 3, "role link"]],
    ["The page has five images", ["verify_count", 5, "role img"]],
    ["Check that there are at least 2 “Delete” buttons", ["verify_count", 2, "at_least", button("Delete")]],
    ["There are fewer than 4 checkboxes", ["verify_count", 3, "at_most", "role checkbox"]],
    ["Check that there are 3 css=.product elements", ["verify_count", 3, "css .product"]],
  ])("%s", async (sentence, command) => {
    expect(await read(sentence)).toEqual([command]);
  });
});

describe("keys, history, windows and the like", () => {
  it.each([
    ["Press Enter", ["press_key", "Enter"]],
    ["Hit the escape key", ["press_key", "Escape"]],
    ["Press Ctrl+A in the Search field", ["press_key", "Control+A", field("Search")]],
    ["Press Shift + F5", ["press_key", "Shift+F5"]],
    ["Press the Delete key", ["press_key", "Delete"]],
    ["Press the Home button", ["click", button("Home")]],
    ["Go back", ["back"]],
    ["Click the browser's back button", ["back"]],
    ["Click Back", ["click", button("Back")]],
    ["Go forward", ["forward"]],
    ["Reload the page", ["refresh"]],
    ["Open http://b.test in a new tab", ["new_window", "http://b.test"]],
    ["Open a new tab", ["new_window"]],
    ["Switch to the new window", ["switch_window", true]],
    ["Switch back to the main tab", ["switch_window", 0]],
    ['Switch to the window titled "Help"', ["switch_window", "Help"]],
    ["Close the tab", ["close_window"]],
    ["Switch to the Invoices tab", ["click", "role tab Invoices"]],
    [
      "Switch to the payment frame",
      ["switch_frame", 'css :is(iframe,frame):is([name="payment" i],[id="payment" i])'],
    ],
    ["Leave the frame", ["switch_frame", true]],
    ["Accept the alert", ["handle_dialog", "accept"]],
    ["Press Cancel on the confirm dialog", ["handle_dialog", "dismiss"]],
    ['Accept the prompt with "Ada"', ["handle_dialog", "accept", "Ada"]],
    ["Scroll to the bottom of the page", ["scroll", "bottom"]],
    ["Scroll to the Comments heading", ["scroll", "role heading Comments"]],
    ["Scroll up 300 pixels", ["scroll", -300]],
    ["Take a screenshot", ["screenshot"]],
    ["Resize the window to 390 x 844", ["set_window_size", 390, 844]],
    [
      'Drag "Card" to "Done"',
      ["drag_and_drop", { locator_type: "text", locator_value: "Done" }, "text Card"],
    ],
  ])("%s", async (sentence, command) => {
    expect(await read(sentence)).toEqual([command]);
  });

  it("presses a key as often as it is told", async () => {
    expect(await read("Press the Tab key three times")).toEqual([
      ["press_key", "Tab"],
      ["press_key", "Tab"],
      ["press_key", "Tab"],
    ]);
  });
});

describe("a locator that is spelled out", () => {
  const names: [written: string, type: string][] = LOCATOR_TYPES.map((type) => [type, type]);
  it.each([...names, ["link", "link_text"], ["testid", "test_id"], ["CSS", "css"]])(
    "may begin with %s=",
    async (written, type) => {
      expect((await read(`Open http://a.test. Click ${written}=save`)).at(-1)).toEqual([
        "click",
        `${type} save`,
      ]);
    },
  );

  it("does not begin with any other word", async () => {
    expect((await read("Open http://a.test. Click size=save")).at(-1)).not.toContain("size save");
  });
});

describe("alternatives", () => {
  async function locatorsOf(sentence: string): Promise<string[]> {
    const [command] = await commandsOf(sentence);
    if (command === undefined || !("alternatives" in command)) throw new Error("no alternatives");
    // A command with alternatives has a locator of its own too.
    return [command as Locator, ...(command.alternatives ?? [])].map(short);
  }

  it("of a button are a link, a part of its name, a test id and an id", async () => {
    expect(await locatorsOf("Click the Save button")).toEqual([
      "role button Save",
      "role link Save",
      "role button Save ~",
      "role link Save ~",
      "test_id save",
      'css :is(button,input,[role=button],a,[role=link]):is([id*="save" i],[name*="save" i])',
    ]);
  });

  it("of a field are its placeholder, its name and id, and the label beside it", async () => {
    expect(await locatorsOf("Type Ada into First name")).toEqual([
      "label First name",
      "placeholder First name",
      expect.stringMatching(/^css :is\(input.*\[name="firstname" i\],.*\[id="first_name" i\]\)$/),
      "label First name ~",
      "placeholder First name ~",
      "role textbox First name ~",
      expect.stringContaining("//label[normalize-space()='First name']/following::*"),
      expect.stringContaining('[name*="first-name" i]'),
    ]);
  });

  it("of a password are the field of that type before any part of a label", async () => {
    const locators = await locatorsOf("Type x into Password");
    const typed = locators.indexOf("css input[type=password]");
    expect(typed).toBeGreaterThan(0);
    expect(typed).toBeLessThan(locators.indexOf("label Password ~"));
  });

  it("take what begins with a small letter as a name with a capital first, then as it is", async () => {
    expect((await locatorsOf("Click the login button")).slice(0, 2)).toEqual([login, button("login")]);
    expect((await locatorsOf('Click the "login" button')).slice(0, 2)).toEqual([
      button("login"),
      link("login"),
    ]);
  });

  it("know words that are written together and apart", async () => {
    expect(await locatorsOf("Type x into E-mail")).toContain("label email ~");
    expect(await locatorsOf("Click the Login button")).toContain("role button log in ~");
  });

  it("are at most ten, and short", async () => {
    const commands = await commandsOf(
      "Type a into the e-mail address field. Click the check out button. Select Large from size. Click login. " +
        "Tick user name. Click the user name icon. Upload a.txt to user name. Log in as tom with password x.",
    );
    expect(commands).toHaveLength(10);
    for (const command of commands) expect(JSON.stringify(command).length).toBeLessThan(1_500);
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
      ["input", "tom", field("Username")],
      ["input", "secret", field("Password")],
      ["click", button("Login")],
    ]);
  });

  it("ends a sentence at a full stop inside quotation marks", async () => {
    expect(await read('Check that the page shows "Welcome." Click Login.')).toEqual([
      ["verify_text", "Welcome.", BODY],
      ["click", button("Login")],
    ]);
  });

  it("does not end one after an initial or an abbreviation", async () => {
    expect(await read("Type Dr. J. Smith into Name. Type 5 p.m. today into Time.")).toEqual([
      ["input", "Dr. J. Smith", field("Name")],
      ["input", "5 p.m. today", field("Time")],
    ]);
  });
});

describe("what is not understood", () => {
  it.each([
    ["Dance with me.", /^Not understood: “Dance with me”\.$/],
    ["Open the login page.", /no http or https address/],
    ["Open file:///etc/passwd.", /no http or https address/],
    ["Type hello.", /no value and field/],
    ["Enter a valid e-mail in the E-mail field.", /give \$\{valid_e_mail\} one/],
    ["Enter your password in the Password field.", /give \$\{password\} one/],
    ["Fill in the form with tom.", /which field of “the form”/],
    ["Click it.", /which element/],
    ["Press Delete.", /"the Delete key" or "the Delete button"/],
    ["Press Enter in it.", /which element/],
    ["Long-press the Row link.", /only a click, a double click and a right click/],
    ["Click and hold the Row link.", /only a click, a double click and a right click/],
    ["Swipe left.", /no command for this/],
    ["Accept the cookies.", /no command for this/],
    ["Close the dialog.", /no command for this/],
    ["Scroll down.", /where to/],
    ["Upload a file.", /names no file/],
    ["Drag the slider to the right.", /quotation marks/],
    ["Enter Ada into the prompt.", /Accept the prompt with "Ada"/],
    ['Click "Maybe" in the alert.', /OK and Cancel/],
    ["Select Large.", /names no list/],
    ["Log in as tom.", /no user and password/],
    ["Wait 10 minutes.", /at most 300/],
    ["Check that no error is shown.", /must not be shown in quotation marks/],
    ["The page does not show Error.", /must not be shown in quotation marks/],
    ["The menu is hidden.", /must not be shown in quotation marks/],
    ["The login should never not work and show nothing.", /clearly/],
    ["The cart does not show “Hat”.", /only of the whole page/],
    ["I am taken to the dashboard.", /names no address/],
    ["Verify that the title is shown.", /exact text|what it is/],
    ["Verify that the checkbox is checked.", /which element/],
    ["The order is empty.", /which element/],
    ["The Name field is highlighted.", /^Not understood: “The Name field is highlighted”\.$/],
    ["The Name field shows an error.", /exact value/],
    ["The Size dropdown is not set to Large.", /only what is selected/],
    ["The Large option is selected.", /names no list/],
    ["Check that the number of products is 3.", /how they are found/],
    ["The table has 3 rows.", /how they are found/],
    ["Check that an error message is shown.", /exact text .* quotation marks/],
    ["The dashboard is shown.", /exact text .* quotation marks/],
    ["Verify login functionality.", /a goal and tells no step; give the page/],
    ['Type "import os" into Name.', /Python/],
  ])("%s", async (sentence, reason) => {
    expect(await reasonFor(sentence)).toMatch(reason);
  });

  it("keeps what it understands of the same sentence, and puts the rest where it stood", async () => {
    const { steps, warnings } = await generator.generateCase("Scroll down and click Login", context);
    const reason =
      'it does not say where to, such as "Scroll to the Comments heading" or "Scroll down 500 pixels"';
    expect(steps.flatMap(({ commands }) => commands)).toMatchObject([
      { action: "not_understood", text: "Scroll down", reason },
      { action: "click" },
    ]);
    expect(warnings[0]).toBe(`Not understood: “Scroll down”: ${reason}.`);
  });

  it("makes a step that says what is missing where nothing is understood, with examples", async () => {
    const { steps, warnings } = await generator.generateCase("Test login functionality", context);
    expect(steps).toMatchObject([
      { description: "Test login functionality", commands: [{ action: "not_understood" }] },
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/“Test login functionality”/),
      expect.stringMatching(/Click the Login button\./),
    ]);
  });

  it("warns when nothing opens a page", async () => {
    const { warnings } = await generator.generateCase("Click Login", context);
    expect(warnings).toEqual([
      'No sentence opens a page. Begin with one such as "Open https://example.com".',
    ]);
  });
});

describe("a sentence of which a part has no meaning is not carried out", () => {
  it.each([
    'Click "Save" only if it is visible',
    'Click "Save" unless it is disabled',
    'Click "Save" without the mouse',
    'Click "Save" successfully',
    "Collapse the panel",
    'Click "Save" with the right mouse button',
    'Click "Save" to verify that it is saved',
    'Click "Save" (do not click "Cancel")',
    'Click all "Delete" buttons',
    "Click on the first product",
    "Click the menu icon next to the employee name",
    '"Save" button is disabled until a name is entered',
    "If the banner appears, click Accept",
    "Navigate to login > Enter valid credentials > Submit",
    "Click Save or Cancel",
    'Check "Remember me"',
    'Change the window size to "large"',
    'I should see "Ada" at the top of the page',
    'I should see "Ada" in the table',
    "There should be 5 rows in the table",
    "I should see 3 products",
    "At least one product is displayed",
    "The user sees the Order page with Order Number",
    'The button text changes to "Remove"',
    'The "Email" column shows "a@b.test"',
    "Don't click Save",
    'Type "x" in "Name" slowly',
    'Hover over "Menu" for 3 seconds',
    "Enter text into all fields",
  ])("%s", async (sentence) => {
    expect(await commandsOf(sentence)).toMatchObject([{ action: "not_understood" }]);
  });
});

describe("forms of sentences", () => {
  const verify = (name: string, value: string) => ["verify_value", value, field(name)];
  it.each([
    [
      "Navigate to PIM > Add Employee",
      [
        ["click", button("PIM")],
        ["click", button("Add Employee")],
      ],
    ],
    [
      'Click "Save" twice',
      [
        ["click", button("Save")],
        ["click", button("Save")],
      ],
    ],
    [
      'Enter "Ada" as the first name and "Byron" as the last name',
      [
        ["input", "Ada", field("First name")],
        ["input", "Byron", field("Last name")],
      ],
    ],
    [
      "Enter a first name (e.g., Jane) and last name (e.g., Doe)",
      [
        ["input", "Jane", field("First name")],
        ["input", "Doe", field("Last name")],
      ],
    ],
    [
      "Enter valid username and password",
      [
        ["input", "${valid_username}", field("Username")],
        ["input", "${valid_password}", field("Password")],
      ],
    ],
    [
      "Leave the Username and Password fields empty",
      [
        ["clear", field("Username")],
        ["clear", field("Password")],
      ],
    ],
    [
      "The following fields match these values:\n  | Email | a@b.test |\n  | City | Bonn |",
      [verify("Email", "a@b.test"), verify("City", "Bonn")],
    ],
    [
      'Verify the "Name" and "Email" fields are visible',
      [
        ["verify_visible", field("Name")],
        ["verify_visible", field("Email")],
      ],
    ],
    ["Hover over the board title, Testing", [["hover", button("Testing")]]],
    ['Choose "Edit" in the open action menu', [["click", true, "role menuitem Edit"]]],
    ['Click the "Delete" link in the left panel', [["click", true, link("Delete")]]],
    ["Check the first checkbox", [["check", 0, "role checkbox"]]],
    ['From the "Status" dropdown select "On"', [["select", "On", field("Status")]]],
    ['Wait "2" seconds', [["wait", 2]]],
    ["Wait until the page loads", [["wait_for", "present", BODY]]],
  ])("%s", async (sentence, commands) => {
    expect(await read(sentence)).toEqual(commands);
  });
});

describe("pages, places and attributes", () => {
  const heading = (name: string): string => `role heading ${name} ~`;
  it.each([
    ['The "Users" page is displayed', [["verify_element_present", heading("Users")]]],
    ["User is redirected to the Dashboard page", [["verify_element_present", heading("Dashboard")]]],
    ['Verify that I am on the "Users" page', [["verify_element_present", heading("Users")]]],
    ['The "Users" page is not displayed', [["verify_element_absent", heading("Users")]]],
    ['Then I should be on "/users"', [["verify_url", "/users"]]],
    [
      'In the "Profile" dialog, click "Save" twice',
      Array(2).fill(["click", expect.anything(), button("Save")]),
    ],
    [
      'Hover over the "Ada" card and click its delete icon',
      [
        ["hover", expect.anything()],
        ["click", expect.anything(), button("Delete")],
      ],
    ],
    [
      'Click the Actions menu and select "Archive"',
      [
        ["click", "role menuitem Actions"],
        ["click", button("Archive")],
      ],
    ],
    [
      'Open the Country dropdown and select "Germany"',
      [
        ["click", field("Country")],
        ["select", "Germany", field("Country")],
      ],
    ],
    [
      'Clear the Amount field and enter "20"',
      [
        ["clear", field("Amount")],
        ["input", "20", field("Amount")],
      ],
    ],
    ['Enter card number "4111"', [["input", "4111", field("Card number")]]],
    ["Enter the coupon code SAVE10", [["input", "SAVE10", field("Coupon code")]]],
    [
      "repeat 2 times: click Next",
      [
        ["click", button("Next")],
        ["click", button("Next")],
      ],
    ],
    [
      'Click "Next" when it becomes enabled',
      [
        ["wait_for", "enabled", button("Next")],
        ["click", button("Next")],
      ],
    ],
    [
      'Click "Add" to see the "New user" page',
      [
        ["click", button("Add")],
        ["verify_element_present", heading("New user")],
      ],
    ],
    [
      'The link "Terms" has the class "active"',
      [["verify_attribute", "class", "(^|\\s)active(\\s|$)", "regex", link("Terms")]],
    ],
    [
      'The "Email" field has the placeholder "a@b.c"',
      [["verify_attribute", "placeholder", "a@b.c", field("Email")]],
    ],
    ['The element "#save" is not visible', [["verify_hidden", "id save"]]],
    [
      'The "Save" button is replaced by "Edit"',
      [
        ["verify_visible", button("Edit")],
        ["verify_hidden", button("Save")],
      ],
    ],
    [
      'The fields "Name" and "Email" are empty',
      [
        ["verify_value", "", field("Name")],
        ["verify_value", "", field("Email")],
      ],
    ],
    ["Wait up to 20 seconds for the Save button", [["wait_for", "visible", 20, button("Save")]]],
    [
      'Search for "tea" in the Search field',
      [
        ["input", "tea", field("Search")],
        ["press_key", "Enter", field("Search")],
      ],
    ],
    ["Select the 3rd option from Size", [["select", 2, field("Size")]]],
    ["Switch to tab 2", [["switch_window", 1]]],
    ['"Saved" is displayed successfully', [["verify_text", "Saved", BODY]]],
    [
      'The "Save" button is disabled after reloading the page',
      [["refresh"], ["verify_enabled", true, button("Save")]],
    ],
  ])("%s", async (sentence, commands) => {
    expect(await read(sentence)).toEqual(commands);
  });
});
