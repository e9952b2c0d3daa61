import { AppError } from "../../protocol/errors.js";
import type { StoreEngine } from "../engine.js";

/**
 * Writes a row whose name has to be its own.
 *
 * @param what the row with its article and name, such as `an environment 'staging'`
 * @throws AppError `conflict` when another has the name; as the action does
 */
export async function unlessTaken<T>(
  engine: Pick<StoreEngine, "isUnique">,
  what: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!engine.isUnique(error)) throw error;
    throw new AppError("conflict", `There is ${what} already. Choose another name.`);
  }
}
