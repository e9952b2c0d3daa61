import { CommandError, type CommandContext } from "../command-context.js";
import { restOf } from "../server-rest.js";

/** @throws CommandError for what is no number; the client's errors where the server refuses it */
export async function acceptCheck(
  { step, index, server }: { step: string; index: string; server: string },
  { environment, print }: Pick<CommandContext, "environment" | "print">,
): Promise<void> {
  for (const number of [step, index])
    if (!/^\d{1,15}$/.test(number)) throw new CommandError(`accept-check: '${number}' is no whole number.`);
  const { cases } = restOf(server, environment);
  const changed = await cases.acceptOfferedCheck(Number(step), Number(index));
  print(`Step ${changed.step_number} has ${changed.checks} checks now.`);
}
