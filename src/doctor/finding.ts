/** The outcome of one look at this machine or the configuration. */
export interface Finding {
  state: "good" | "warning" | "wrong";
  /** The part that was looked at, in a word or two. */
  part: string;
  /** A sentence; where something is wrong, with its remedy. */
  message: string;
}

export function good(part: string, message: string): Finding {
  return { state: "good", part, message };
}

export function warning(part: string, message: string): Finding {
  return { state: "warning", part, message };
}

export function wrong(part: string, message: string): Finding {
  return { state: "wrong", part, message };
}
