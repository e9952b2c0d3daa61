import type { CommandOf } from "../protocol/commands.js";
import type { PageOptions } from "./page/requests.js";

type NamesOptions = Pick<CommandOf<"select">, "label" | "value" | "index">;

/** The options that a command names; its schema sees to it that it names them in exactly one way. */
export function optionsOf({ label, value, index }: NamesOptions): PageOptions {
  if (label !== undefined) return { by: "label", names: [label].flat() };
  if (value !== undefined) return { by: "value", names: [value].flat() };
  return { by: "index", names: [index ?? []].flat() };
}

/** Options as people read them: `the options 'Red', 'Blue'`. */
export function describeOptions(command: NamesOptions): string {
  const { by, names } = optionsOf(command);
  const kind = by === "label" ? "" : by === "value" ? "with the value " : "with the index ";
  const listed = names.map((name) => (by === "index" ? name : `'${name}'`)).join(", ");
  return `the option${names.length === 1 ? "" : "s"} ${kind}${listed}`;
}
