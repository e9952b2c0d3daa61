import type { Script } from "../../protocol/commands.js";
import { UnknownVariable, type Variables } from "../../runner/ports.js";

/** `$${`, and a place for a value. */
const PLACES = /\$\$\{|\$\{[^{}]*\}/g;

/** The places of commands for which this run has no value, each with the reason. */
export function missingValues(commands: Script, variables: Pick<Variables, "fillIn">): string[] {
  const stored = new Set(commands.flatMap((command) => ("variable" in command ? command.variable : [])));
  const places = new Set(JSON.stringify(commands).match(PLACES));
  places.delete("$${");
  return [...places].flatMap((place) => {
    if (stored.has(place.slice(2, -1))) return [];
    const reason = reasonOf(place, variables);
    return reason === undefined ? [] : [`${place} has no value: ${reason}`];
  });
}

function reasonOf(place: string, variables: Pick<Variables, "fillIn">): string | undefined {
  try {
    variables.fillIn(place);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownVariable) return error.message;
    throw error;
  }
}
