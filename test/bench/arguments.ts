import { parseArgs } from "node:util";

/** The rows that a bench has, with their meanings, and the sizes of its measurements. */
export interface Offer<Name extends string, Sizes> {
  rows: Readonly<Record<Name, string>>;
  full: Sizes;
  /** Those of `--quick`. */
  quick: Sizes;
}

export interface Choice<Name extends string, Sizes> {
  rows: ReadonlySet<Name>;
  sizes: Sizes;
  /** As `--rounds` has it. @defaultValue it was not given */
  rounds: string | undefined;
}

/**
 * Reads the command line of a bench.
 *
 * @throws Error for an option that cannot be used.
 */
export function readArguments<Name extends string, Sizes>(
  args: string[],
  { rows, full, quick }: Offer<Name, Sizes>,
): Choice<Name, Sizes> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string" },
      only: { type: "string", multiple: true },
      quick: { type: "boolean", default: false },
    },
  });
  const only = values.only?.flatMap((names) => names.split(","));
  return {
    rows: new Set(only?.map((name) => rowName(name, rows)) ?? (Object.keys(rows) as Name[])),
    sizes: values.quick ? quick : full,
    rounds: values.rounds,
  };
}

function rowName<Name extends string>(name: string, rows: Readonly<Record<Name, string>>): Name {
  if (Object.hasOwn(rows, name)) return name as Name; // One of its keys, as just seen.
  const known = Object.entries(rows).map(([row, meaning]) => `  ${row}: ${meaning}`);
  throw new Error(`--only does not know "${name}". It knows:\n${known.join("\n")}`);
}
