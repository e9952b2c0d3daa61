import { describe, expect, it } from "vitest";
import { readDocument } from "../../../src/formats/read-document.js";
import { texts, writtenCase, writtenCases } from "../../support/written-cases.js";

describe("labelled blocks", () => {
  it("hold the name, what has to hold before, the steps and what is seen", async () => {
    const { format, told, rows, warnings } = await writtenCase(`# TC-01: Valid login

**Priority:** High
**Preconditions:**
- A user "tom" exists
- The shop is open

## Steps

1. Open https://shop.test/login
2. Enter \`tom\` in the **Username** field
3. Enter "secret" into Password
4. Click the **Login** button
   - **Expected:** the page shows "Welcome"
5. Click on [Orders](https://shop.test/orders)

## Expected Result
- The page shows "Your orders"
`);
    expect([format, told.name]).toEqual(["blocks", "TC-01: Valid login"]);
    expect(texts(told.preconditions)).toEqual(['A user "tom" exists', "The shop is open"]);
    expect(texts(told.details)).toEqual(["Priority: High"]);
    expect(rows.map(([, expected, actions]) => [expected, actions])).toEqual([
      ['The page shows "Welcome"', "navigate input input click verify_text"],
      ['The page shows "Your orders"', "click verify_text"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("say that one without steps before the first is none", async () => {
    const { told, warnings } = await writtenCase("TC-2: Unfinished\n# Save\nAction: Click Save");
    expect(told.name).toBe("Save");
    expect(warnings).toContain("No test case was made of “TC-2: Unfinished”: it has no steps.");
  });

  it("keep a result of the whole beside that of the last step", async () => {
    const { rows } = await writtenCase(
      "- Click Save\n   Expected: the page shows Saved\n- **Expected**: the page shows Done",
    );
    expect(rows.map(([, expected]) => expected)).toEqual(["The page shows Saved. The page shows Done"]);
  });

  it("put numbered results to the steps with their numbers", async () => {
    const { rows } = await writtenCase(
      "Steps:\n1. Open https://a.test\n2. Click A\n3. Click B\nExpected results:\n1. The page shows X\n2. The page shows Y\n3. The page shows Z",
    );
    expect(rows.map(([, expected]) => expected)).toEqual([
      "The page shows X",
      "The page shows Y",
      "The page shows Z",
    ]);
  });

  it("check results with other numbers after the last step, and say so", async () => {
    const { rows, warnings } = await writtenCase(
      "Steps:\n1. Open https://a.test\n2. Click A\n3. Click B\nExpected results:\n1. The page shows X\n2. The page shows Y",
    );
    expect(rows.map(([, expected]) => expected)).toEqual([
      "The page is open",
      "The click succeeds",
      "The page shows X. The page shows Y",
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^Line 6: the 2 expected results have other numbers/)]);
  });

  it("are several cases, with what stands above them in each", async () => {
    const { cases } = await writtenCases(
      "Preconditions: The shop is open\n\nTest Case 1: In\nSteps:\n1. Open https://a.test\nExpected: The page shows Aha\n\n" +
        "Test Case 2: Out\nSteps:\n1. Open https://b.test\nExpected: The page shows B",
    );
    expect(
      cases.map(({ told, rows }) => [told.name, texts(told.preconditions), rows.map(([, , a]) => a)]),
    ).toEqual([
      ["Test Case 1: In", ["The shop is open"], ["navigate verify_text"]],
      ["Test Case 2: Out", ["The shop is open"], ["navigate verify_text"]],
    ]);
  });

  it("name the place of what is not understood", async () => {
    const { warnings } = await writtenCase("Steps:\n1. Open https://a.test\n2. Dance\nExpected: Click B");
    expect(warnings).toEqual([
      "Line 3: Not understood: “Dance”.",
      expect.stringMatching(/^Line 4: Not understood: “Click B”: it stands where an expected result is told/),
    ]);
  });

  it("give values to the sentences that ask for them", async () => {
    const { steps, warnings } = await writtenCase(
      "Test data:\n- Username: tom\n- Password: `s3cret`\n- Colour: red\nSteps:\n1. Open https://a.test\n2. Enter a valid username\n3. Enter a valid password",
    );
    expect(steps.flatMap(({ commands }) => commands)).toMatchObject([
      { action: "navigate" },
      { action: "input", text: "tom" },
      { action: "input", text: "s3cret" },
    ]);
    expect(warnings).toEqual(["Line 4: No step asks for the test data “Colour: red”."]);
  });
});

describe("the usual template", () => {
  it("loses neither what follows the steps nor the case after it", async () => {
    const { cases } = await writtenCases(`## Test Case: Add an employee

**Objective:** Make sure that admins can add employees.

### Preconditions
1. An admin is logged in

### Test Steps
| Step | Description | Expected Result |
|------|-------------|-----------------|
| 1 | Open https://a.test | The page shows "Employees" |
| 2 | Click **Add** | |

### Postconditions
- Ada is employed

## Test Case: Remove an employee
### Preconditions
None
### Test Steps
1. Open https://a.test
2. Click **Remove**
### Expected Result
"Removed" is shown
`);
    expect(
      cases.map(({ told, rows }) => [
        told.name,
        texts(told.preconditions),
        rows.map(([, , actions]) => actions),
      ]),
    ).toEqual([
      ["Add an employee", ["An admin is logged in"], ["navigate verify_text", "click"]],
      ["Remove an employee", [], ["navigate", "click verify_text"]],
    ]);
    expect(texts(cases[0]?.told.details ?? [])).toEqual([
      "Objective: Make sure that admins can add employees.",
      "Postconditions:",
      "Ada is employed",
    ]);
    expect(cases[0]?.warnings).toEqual([
      "Line 14: the postconditions are kept as text and not checked. Write them as expected results.",
    ]);
  });
});

describe("headings", () => {
  it("name the steps below them", async () => {
    const { rows, warnings } = await writtenCase(`### Step 1: Open the shop
- Open https://a.test
### Step 2: Look for shoes
- Type shoes into Search
- Click Go
**Expected:** the page shows "Results"
### Click Basket
`);
    expect(rows).toEqual([
      ["Step 1: Open the shop: Open https://a.test", "The page is open", "navigate"],
      [
        "Step 2: Look for shoes: Type shoes into Search. Click Go",
        'The page shows "Results"',
        "input click verify_text",
      ],
      ["Click Basket", "The click succeeds", "click"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("are carried out where they alone say what is done", async () => {
    const { rows } = await writtenCase(
      "## Step 1: Open https://a.test\n## Step 2: Click Login\nExpected: The page shows Hi",
    );
    expect(rows.map(([, , actions]) => actions)).toEqual(["navigate", "click verify_text"]);
  });

  it("name the case where there is only one", async () => {
    const { told, rows } = await writtenCase("# Log in\n1. Open https://a.test\n2. Click Login");
    expect(told.name).toBe("Log in");
    expect(rows).toHaveLength(2);
  });
});

describe("tables", () => {
  it("are a step a row, whose cells may have several lines", async () => {
    const { format, rows, warnings } = await writtenCase(`| Step | Action | Expected Result |
|:---|:---|---|
| 1 | Open https://a.test | |
| 2 | Navigate to PIM > Add Employee | The page shows "Add"<br>The **Save** button is visible |
`);
    expect(format).toBe("table");
    expect(rows).toEqual([
      ["Open https://a.test", "The page is open", "navigate"],
      [
        "Navigate to PIM > Add Employee",
        'The page shows "Add". The **Save** button is visible',
        "click click verify_text verify_visible",
      ],
    ]);
    expect(warnings).toEqual([]);
  });

  it("may be a case whose parts are rows", async () => {
    const { told, rows } = await writtenCase(`| Field | Value |
|---|---|
| Test Case ID | TC7 |
| Title | Search |
| Preconditions | A user exists |
| Steps | 1. Open https://a.test<br>2. Click Go |
| Expected Result | The page shows Found |`);
    expect([told.name, texts(told.preconditions)]).toEqual(["Search", ["A user exists"]]);
    expect(texts(told.details).join()).toContain("TC7");
    expect(rows.map(([, , actions]) => actions)).toEqual(["navigate", "click verify_text"]);
  });

  it("belong to the sentence above them where they are none of tests", async () => {
    const { steps } = await writtenCase(
      "Open https://a.test. I fill in the following:\n| Name | Ada |\n| City | Bonn |",
    );
    expect(steps.flatMap(({ commands }) => commands.map(({ action }) => action))).toEqual([
      "navigate",
      "input",
      "input",
    ]);
  });
});

describe("marks of Markdown", () => {
  it("are no words of the sentence", async () => {
    const { rows, warnings } = await writtenCase(
      "> 1. **Open** [the shop](https://a.test)\n> 2. **Click** the `Save` button\n> 3. Check that **Saved** is shown\n",
    );
    expect(rows.map(([, , actions]) => actions)).toEqual(["navigate", "click", "verify_text"]);
    expect(warnings).toEqual([]);
  });
});

it.each([
  ["sentences", "Open https://a.test. Click A.", "text"],
  ["a list", "- Open https://a.test\n- Click A", "list"],
  ["blocks", "Steps:\nOpen https://a.test", "blocks"],
])("the format of %s is named", (_, source, format) => {
  expect(readDocument(source).format).toBe(format);
});
