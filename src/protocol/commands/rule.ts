/** Something that has to hold for several fields of a command together. */
export interface Rule<C> {
  holds: (command: C) => boolean;
  /** The rule in words, to stand after the command's name: "needs exactly one of 'label', 'value' and 'index'". */
  words: string;
}

/** A condition that holds when exactly one of the fields is there. */
export function exactlyOneOf<F extends string>(
  ...fields: F[]
): (command: Partial<Record<F, unknown>>) => boolean {
  return (command) => fields.filter((field) => command[field] !== undefined).length === 1;
}
