import { Readable } from "node:stream";
import { linesOfKnown } from "../../src/cli/known-error.js";
import { createProgram } from "../../src/cli/program.js";
import type { Environment } from "../../src/config.js";

export interface CarriedOut {
  /** The lines of standard output and of standard error. */
  said: string;
  remarked: string;
  code: number;
}

/** Carries a line of the command line out in this process. */
export async function carryOut(
  line: readonly string[],
  { environment, input = "" }: { environment: Environment; input?: string },
): Promise<CarriedOut> {
  const said: string[] = [];
  const remarked: string[] = [];
  let code = 0;
  const program = createProgram({
    environment,
    stdin: Readable.from([input]),
    stdout: { write: () => true },
    print: (text) => said.push(text),
    remark: (text) => remarked.push(text),
    now: () => new Date(),
    exitWith: (given) => (code = given),
  });
  try {
    await program.parseAsync([...line], { from: "user" });
  } catch (error) {
    remarked.push(linesOfKnown(error)?.join("\n") ?? String(error));
    code = 2;
  }
  return { said: said.join("\n"), remarked: remarked.join("\n"), code };
}
