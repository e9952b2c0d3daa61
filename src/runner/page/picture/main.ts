import { cover } from "./cover.ts";
import { findPlaces, type PictureRequest, type Places } from "./places.ts";

/** While a picture of the window is taken, hides the secrets that a run has used. */

let hidden: (Places & { restore: () => void }) | undefined;

/** The outermost window; none when it, or one between, is of another origin. */
function topWindow(): (Window & typeof globalThis) | undefined {
  let outer: Window = window;
  try {
    while (outer !== outer.parent) {
      // This throws where the document may not be read.
      if ((outer.parent as Partial<Window>).document === undefined) return undefined;
      outer = outer.parent;
    }
  } catch {
    return undefined;
  }
  return outer as Window & typeof globalThis; // A window has its document's globals.
}

/**
 * Hides every place.
 *
 * @param json a {@link PictureRequest}
 * @returns why that cannot be done, or nothing
 */
export async function hide(json: string): Promise<string> {
  const request = JSON.parse(json) as PictureRequest;
  restore();
  const top = topWindow();
  if (top === undefined)
    return "the page around the current frame is of another origin and might show a secret";
  const places = await findPlaces(top, request);
  restore();
  hidden = { ...places, restore: cover(places) };
  return "";
}

/**
 * Shows every place again.
 *
 * @param json a {@link PictureRequest}
 * @returns whether one had come up that was not hidden: "new", or nothing
 */
export async function show(json: string): Promise<string> {
  const request = JSON.parse(json) as PictureRequest;
  const before = hidden;
  restore();
  const top = topWindow();
  // This is another document than the one in which something was hidden.
  if (before === undefined || top === undefined) return "new";
  const { ranges, covered } = await findPlaces(top, request);
  const isHidden = (range: Range) => before.ranges.some((known) => isSame(known, range));
  const isAllHidden = ranges.every(isHidden) && [...covered].every((element) => before.covered.has(element));
  return isAllHidden ? "" : "new";
}

function restore(): void {
  hidden?.restore();
  hidden = undefined;
}

function isSame(one: Range, other: Range): boolean {
  return (
    one.startContainer === other.startContainer &&
    one.startOffset === other.startOffset &&
    one.endContainer === other.endContainer &&
    one.endOffset === other.endOffset
  );
}
