import { Impossible } from "./impossible.js";
import type { PageRequest } from "./page/requests.js";
import type { Page, Variables } from "./ports.js";

/** The reason why nothing with a secret in it is done where an application shares the world of our scripts. */
export const EXPOSED =
  "this browser's driver has no world of its own for Stepwire's scripts, where the page could not read the secret";

/**
 * The request as the page may be given it. An exposed page is not given a text to type that has a secret in it: the
 * keys alone bring it there, as a person's would.
 *
 * @throws Impossible when what is looked for or chosen has a secret in it
 */
export function asPageMaySee(
  request: PageRequest,
  { page, variables }: { page: Page; variables: Pick<Variables, "used"> },
): PageRequest {
  if (page.isExposed !== true || variables.used.length === 0) return request;
  const hasSecret = (value: unknown) => {
    const text = JSON.stringify(value);
    return variables.used.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
  };
  const shown = request.until === "typeable" && hasSecret(request.text) ? withoutText(request) : request;
  if (hasSecret(shown))
    throw new Impossible(`a secret is in what the page would be asked for, and ${EXPOSED}`);
  return shown;
}

function withoutText(request: Extract<PageRequest, { until: "typeable" }>): PageRequest {
  const shown = { ...request };
  delete shown.text;
  return shown;
}
