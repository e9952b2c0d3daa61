/** A sentence of a step that no command says. */
export interface NotUnderstood {
  text: string;
  reason: string;
  readings?: string[];
}

export interface ScriptContents {
  /** Commands that check something: without one, a pass says only that the others could be carried out. */
  checks: number;
  notUnderstood: NotUnderstood[];
}

const CHECK = /^(?:verify|wait_for)(?:_|$)/;

/** Looks through a stored script, at commands within commands too. A text that is no script has nothing in it. */
export function contentsOf(script: string | null): ScriptContents {
  const contents: ScriptContents = { checks: 0, notUnderstood: [] };
  if (script === null) return contents;
  try {
    collect(JSON.parse(script), contents);
  } catch {
    // Its fault is told when it is to be run.
  }
  return contents;
}

function collect(value: unknown, contents: ScriptContents): void {
  if (!Array.isArray(value)) return;
  for (const command of value as unknown[]) {
    if (typeof command !== "object" || command === null) continue;
    const { action } = command as { action?: unknown };
    if (typeof action !== "string") continue;
    if (CHECK.test(action)) contents.checks += 1;
    if (action === "not_understood") contents.notUnderstood.push(toNotUnderstood(command as NotUnderstood));
    for (const inner of Object.values(command)) collect(inner, contents);
  }
}

function toNotUnderstood({ text, reason, readings }: NotUnderstood): NotUnderstood {
  return { text, reason, ...(readings && { readings }) };
}
