import type { NewTestCase } from "../../cases/ports.js";
import { readCaseFiles } from "../../formats/yaml/disk.js";
import type { CaseFileError, ReadCase } from "../../formats/yaml/read.js";
import type { NewEnvironment } from "../../protocol/environments.js";
import { scriptTextOf } from "../../protocol/script-text.js";
import { CommandError } from "../command-context.js";
import type { RunOptions } from "./options.js";
import { select } from "./selection.js";

/** A test case of a file. */
export interface LocalTest {
  name: string;
  place: string;
  testCase: NewTestCase;
}

/** The tests that are to be run, and every environment of the files. */
export interface LocalContent {
  tests: LocalTest[];
  environments: NewEnvironment[];
}

/**
 * The tests of files that the options ask for.
 *
 * @throws CommandError with every fault of every file, or when there is no test.
 */
export async function readLocalTests({ targets, ...options }: RunOptions): Promise<LocalContent> {
  const { paths, tags, ids } = targets;
  if (ids.length > 0) {
    throw new CommandError(
      `${ids[0] ?? ""} is the id of a test case on a server: name the server with --server, or give a file.`,
    );
  }
  if (paths.length === 0) {
    throw new CommandError("run: which tests? Name files or folders, or ids and tags with --server.");
  }
  const reading = await readCaseFiles(paths);
  if ("errors" in reading) throw new CommandError(reading.errors.map(toLine));
  const tagged = reading.cases.filter(
    ({ testCase }) => tags.length === 0 || testCase.tags?.some((tag) => tags.includes(tag)),
  );
  const tests = select(tagged.map(toLocalTest), options);
  return { tests, environments: reading.environments.map(({ environment }) => environment) };
}

function toLine({ file, line, column, message }: CaseFileError): string {
  return `${file}:${line}:${column}: ${message}`;
}

function toLocalTest({ testCase, file, place }: ReadCase): LocalTest {
  const { name, description, requirements, environment, steps } = testCase;
  return {
    name,
    place: `${file}:${place.line}`,
    testCase: {
      name,
      description,
      requirements,
      environment,
      steps: steps.map((step) => ({
        stepNumber: step.step_number,
        description: step.description,
        expectedResult: step.expected_result,
        transactionCode: step.transaction_code,
        seleniumScriptJson: step.script.length === 0 ? null : scriptTextOf(step.script),
      })),
    },
  };
}
