/** Calls of the scripts that prepare a page for a picture, which are put into a document with the first of them. */
import { hide, show } from "../picture/main.ts";
import { release, still } from "../picture/stillness.ts";
import type { Still, StillRequest } from "../still-requests.ts";

declare global {
  var stepwirePicture: {
    hide: (request: string) => Promise<string>;
    show: (request: string) => Promise<string>;
  };
  var stepwireStillness: {
    still: (request: StillRequest) => Promise<Still>;
    release: () => void;
  };
}

/** An element of the page may have the script's name, and would be found by it like a variable of the window. */
const isThere = () => Object.hasOwn(globalThis, "stepwirePicture");

/**
 * Hides every place that may show a secret.
 *
 * @param request a {@link PictureRequest} as JSON
 * @returns why that cannot be done, or nothing
 */
export function hideSecrets(request: string): Promise<string> {
  if (!isThere()) globalThis.stepwirePicture = { hide, show };
  return globalThis.stepwirePicture.hide(request);
}

/**
 * Shows every place again.
 *
 * @returns whether one had come up that was not hidden: "new", or nothing. A document without the script is another
 * than the one in which something was hidden
 */
export function showSecrets(request: string): string | Promise<string> {
  return isThere() ? globalThis.stepwirePicture.show(request) : "new";
}

const hasStillness = () => Object.hasOwn(globalThis, "stepwireStillness");

/**
 * Stills what moves by itself.
 *
 * @param request a {@link StillRequest} as JSON
 * @returns a {@link Still} as JSON
 */
export async function stillPage(request: string): Promise<string> {
  if (!hasStillness()) globalThis.stepwireStillness = { still, release };
  return JSON.stringify(await globalThis.stepwireStillness.still(JSON.parse(request) as StillRequest));
}

/** Lets everything move again. */
export function releasePage(): string {
  if (hasStillness()) globalThis.stepwireStillness.release();
  return "";
}
