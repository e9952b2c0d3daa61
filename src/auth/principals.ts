import { TOKEN_PRINCIPAL } from "./identity.js";
import type { TokenStore } from "./ports.js";
import { endOf } from "./tokens.js";

/**
 * Tells if something may still be done in the name of somebody who is not there: not once the token that is the principal
 * was revoked or deleted, or has expired. Of other principals, subjects of JSON Web Tokens and addresses, the server cannot
 * know more than that they were let in once.
 */
export async function isStillGood(
  principal: string,
  { store, now }: { store: Pick<TokenStore, "findToken">; now: Date },
): Promise<boolean> {
  if (!principal.startsWith(TOKEN_PRINCIPAL)) return true;
  const id = principal.slice(TOKEN_PRINCIPAL.length);
  const token = await store.findToken(id);
  // It is found by its name, too, which is no proof.
  return token?.id === id && endOf(token, now) === undefined;
}
