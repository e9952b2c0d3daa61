import { ImportError } from "../../cases/import.js";
import { RequestError, type StepwireRest } from "../../client/index.js";
import { readCaseFile, type CaseFileContent } from "../../formats/yaml/read.js";
import type { StoredCases } from "./content.js";

/** The cases of a server, over REST. */
export function casesOfServer({ files }: StepwireRest): StoredCases {
  return {
    async import(content, { mode, prune = false, dryRun }) {
      const { text, places } = toFile(content);
      try {
        return (await files.import(text, { mode, prune, dry_run: dryRun })).changes;
      } catch (error) {
        if (!(error instanceof RequestError) || error.faults === undefined) throw error;
        throw new ImportError(
          error.faults.map(({ message, ...at }) => ({ ...at, ...places.get(at.line), message })),
        );
      }
    },
    async export(filter) {
      const reading = readCaseFile(await files.export("json", filter), { file: "/api/export" });
      if ("errors" in reading) throw new ImportError(reading.errors);
      const { cases, environments } = reading;
      return {
        cases: cases.map(({ testCase }) => testCase),
        environments: environments.map(({ environment }) => environment),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** A case file with each case and environment on a line of its own, and where in the files each of them is from. */
function toFile({ cases, environments }: CaseFileContent) {
  const places = new Map<number, { file: string; line: number; column: number }>();
  const lines: string[] = [];
  const add = (
    value: object,
    { file, place }: CaseFileContent["cases"][number] | CaseFileContent["environments"][number],
    comma: boolean,
  ) => {
    lines.push(JSON.stringify(value) + (comma ? "," : ""));
    places.set(lines.length, { file, ...place });
  };
  lines.push('{"environments":[');
  environments.forEach((item, index) => {
    add(item.environment, item, index < environments.length - 1);
  });
  lines.push('],"cases":[');
  cases.forEach((item, index) => {
    add(item.testCase, item, index < cases.length - 1);
  });
  lines.push("]}");
  return { text: lines.join("\n"), places };
}
