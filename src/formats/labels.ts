/** The part of a test case that a label or the heading of a column names. */
export type Part =
  "id" | "name" | "preconditions" | "number" | "heading" | "action" | "data" | "expected" | "detail";

const LABELS: Record<Exclude<Part, "number" | "heading">, string[]> = {
  id: [
    "id",
    "key",
    "case id",
    "test id",
    "tc id",
    "tcid",
    "test case id",
    "testcase id",
    "test case key",
    "issue id",
    "issue key",
    "test case no",
    "test case number",
    "tc no",
    "work item id",
  ],
  name: [
    "title",
    "name",
    "summary",
    "test",
    "test case",
    "testcase",
    "test name",
    "test title",
    "test case name",
    "test case title",
    "test case summary",
    "test summary",
    "test scenario",
    "scenario",
    "scenario name",
    "case",
    "case title",
  ],
  preconditions: [
    "precondition",
    "preconditions",
    "pre-condition",
    "pre-conditions",
    "pre condition",
    "pre conditions",
    "prerequisite",
    "prerequisites",
    "pre-requisite",
    "pre-requisites",
    "pre requisites",
    "initial state",
    "initial condition",
    "initial conditions",
    "assumptions",
    "assumption",
  ],
  action: [
    "step",
    "steps",
    "test step",
    "test steps",
    "steps to reproduce",
    "steps to execute",
    "steps to perform",
    "steps to follow",
    "execution steps",
    "action",
    "actions",
    "user action",
    "tester action",
    "test action",
    "step action",
    "step actions",
    "step description",
    "test step description",
    "steps description",
    "test steps description",
    "procedure",
    "test procedure",
    "instruction",
    "instructions",
    "what to do",
    "do",
    "test script",
    "steps (step)",
    "test script (step-by-step) - step",
    "test script (plain text)",
    "test script",
  ],
  data: [
    "data",
    "test data",
    "input",
    "inputs",
    "input data",
    "test input",
    "test inputs",
    "values",
    "step data",
    "test script (step-by-step) - test data",
  ],
  expected: [
    "expected",
    "expected result",
    "expected results",
    "expected outcome",
    "expected outcomes",
    "expected behaviour",
    "expected behavior",
    "expected response",
    "expected output",
    "expectation",
    "expectations",
    "expected state",
    "step expected",
    "step expected result",
    "step expected results",
    "expected test result",
    "acceptance criteria",
    "result",
    "results",
    "then",
    "verification",
    "verify",
    "steps (expected result)",
    "test script (step-by-step) - expected result",
  ],
  detail: [
    "description",
    "test description",
    "test case description",
    "objective",
    "test objective",
    "goal",
    "purpose",
    "priority",
    "severity",
    "test type",
    "test case type",
    "work item type",
    "module",
    "component",
    "feature",
    "author",
    "created by",
    "owner",
    "assigned to",
    "assignee",
    "tester",
    "executed by",
    "created",
    "date",
    "execution date",
    "version",
    "status",
    "test status",
    "execution status",
    "state",
    "environment",
    "test environment",
    "browser",
    "browsers",
    "platform",
    "tags",
    "tag",
    "labels",
    "label",
    "reference",
    "references",
    "refs",
    "requirement",
    "requirements",
    "requirement id",
    "user story",
    "jira",
    "section",
    "suite",
    "test suite",
    "folder",
    "template",
    "type",
    "estimate",
    "estimated time",
    "milestone",
    "area path",
    "iteration",
    "automation",
    "automation status",
    "automated",
    "note",
    "notes",
    "remark",
    "remarks",
    "comment",
    "comments",
    "attachments",
    "attachment",
    "actual",
    "actual result",
    "actual results",
    "actual outcome",
    "pass/fail",
    "pass / fail",
    "verdict",
    "postcondition",
    "postconditions",
    "post-condition",
    "post-conditions",
    "post condition",
    "post conditions",
    "cleanup",
    "clean-up",
    "teardown",
    "tear down",
    "bug id",
    "defect id",
    "steps (additional info)",
    "steps (references)",
  ],
};

const PARTS = new Map<string, Part>(
  Object.entries(LABELS).flatMap(([part, labels]) =>
    // Object.entries forgets the type of its keys.
    labels.map((label): [string, Part] => [label, part as Part]),
  ),
);

/** Columns that number the steps or name them; alone above a list of steps such words label the steps. */
const COLUMNS = new Map<string, Part>([
  ...[
    "#",
    "no",
    "no.",
    "nr",
    "number",
    "s.no",
    "s.no.",
    "s no",
    "sl no",
    "sr no",
    "sr. no",
    "step #",
    "step no",
    "step no.",
    "step number",
    "step id",
    "step nr",
    "steps #",
    "order",
    "test step #",
    "test step number",
    "test step no",
  ].map((label): [string, Part] => [label, "number"]),
  ...["step name", "step title", "test step name"].map((label): [string, Part] => [label, "heading"]),
]);

/** The part that a label names: "Pre-conditions", "**Expected result**", "Steps to reproduce:". */
export function partOf(label: string): Part | undefined {
  return PARTS.get(plain(label));
}

/** The part that a column holds by its heading. */
export function columnOf(heading: string): Part | undefined {
  const words = plain(heading);
  return COLUMNS.get(words) ?? PARTS.get(words);
}

/** Words that label a column, and in a line are as often a sentence: "Verify: …", "Result: …". */
const IN_COLUMNS_ONLY =
  /^(?:then|do|verify|verification|results?|values|test|type|key|case|name|state|status|created|date|version|what to do|step)$/;

const LABELLED =
  /^(?<open>\*\*|__|\*|_)?(?<words>[\p{L}#][\p{L}\d #()/.-]{0,50}?)\s*(?::\s*\k<open>|\k<open>\s*:|:)\s*(?<rest>.*)$/u;

/** "**Expected result:** the page is shown": the label that a line begins with. */
export function labelOf(line: string): { part: Part; words: string; rest: string } | undefined {
  const { words = "", rest = "" } = LABELLED.exec(line)?.groups ?? {};
  const part = partOf(words);
  return part === undefined || IN_COLUMNS_ONLY.test(plain(words)) ? undefined : { part, words, rest };
}

/** "Steps", "Expected results": a label in a line of its own that needs no colon. */
export function labelAlone(line: string): { part: Part; words: string; rest: string } | undefined {
  const isLabel =
    /^(?:(?:test |execution )?steps|steps to \w+|actions?|test data|pre-? ?(?:condition|requisite)s?|expected(?: (?:results?|outcomes?|behaviou?r))?)$/;
  const part = isLabel.test(plain(line)) ? partOf(line) : undefined;
  return part && { part, words: line, rest: "" };
}

/** Without marks of Markdown and of punctuation, in lower case. */
function plain(label: string): string {
  return label
    .replace(/[*_`~]+/g, "")
    .replace(/\((?:s|es)\)/gi, "s")
    .replace(/\s+/g, " ")
    .replace(/^[\s:]+|[\s:?]+$/g, "")
    .toLowerCase();
}
