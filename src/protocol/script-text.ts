import type { Script } from "./commands.js";
import { parseScript } from "./script.js";

declare const CHECKED: unique symbol;

/** A script as it is stored: a JSON array of commands, in text, that has passed their schemas. */
export type ScriptText = string & { readonly [CHECKED]: true };

/**
 * Checks a script that somebody gave, as text or as an array. Text is kept as it was written, but for white space
 * around it.
 *
 * @param look sees the commands before they are kept, and may throw
 * @returns null for an empty script, which is none
 * @throws AppError as {@link parseScript} does.
 */
export function toScriptText(
  script: string | readonly unknown[],
  look: (commands: Script) => void = () => undefined,
): ScriptText | null {
  const text = typeof script === "string" ? script.trim() : JSON.stringify(script);
  if (/^(\[\s*\])?$/.test(text)) return null;
  look(parseScript(text));
  return text as ScriptText; // It has just been checked.
}

/** Commands, whose type says that they are valid, as they are stored. */
export function scriptTextOf(commands: Script): ScriptText {
  return JSON.stringify(commands) as ScriptText;
}
