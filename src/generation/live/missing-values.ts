import type { Script } from "../../protocol/commands.js";
import { parseScript } from "../../protocol/script.js";
import { UnknownVariable, type Variables } from "../../runner/ports.js";

/** `$${`, and a place for a value. */
const PLACES = /\$\$\{|\$\{[^{}]*\}/g;

type Filling = Pick<Variables, "fillIn">;

/** The same with `${valid_email}` as `${env.valid_email}`, where the run's environment has a value of that name. */
export function withGivenValues(commands: Script, variables: Filling): Script {
  const text = JSON.stringify(commands);
  const given = text.replace(PLACES, (place) => givenPlace(place, variables) ?? place);
  return given === text ? commands : parseScript(given);
}

function givenPlace(place: string, variables: Filling): string | undefined {
  const [, name] = /^\$\{([A-Za-z_]\w*)\}$/.exec(place) ?? [];
  if (name === undefined || reasonOf(place, variables) === undefined) return undefined;
  const names = [...new Set([name, name.toUpperCase()])];
  return ["env", "secret"]
    .flatMap((kind) => names.map((one) => `\${${kind}.${one}}`))
    .find((one) => reasonOf(one, variables) === undefined);
}

/** The places of commands for which this run has no value, each with the reason. */
export function missingValues(commands: Script, variables: Filling): string[] {
  const stored = new Set(commands.flatMap((command) => ("variable" in command ? command.variable : [])));
  const places = new Set(JSON.stringify(commands).match(PLACES));
  places.delete("$${");
  return [...places].flatMap((place) => {
    if (stored.has(place.slice(2, -1))) return [];
    const reason = reasonOf(place, variables);
    return reason === undefined ? [] : [`${place} has no value: ${reason}`];
  });
}

function reasonOf(place: string, variables: Filling): string | undefined {
  try {
    variables.fillIn(place);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownVariable) return error.message;
    throw error;
  }
}
