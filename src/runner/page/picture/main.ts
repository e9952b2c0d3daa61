import { cover } from "./cover.ts";
import { findPlaces, type PictureRequest, type Places } from "./places.ts";

/** Hides what a run has used of secrets while a picture of the window is taken. */

let hidden: (Places & { restore: () => void }) | undefined;

/** The outermost window; none when it, or one between, is of another origin. */
function topWindow(): (Window & typeof globalThis) | undefined {
  let outer: Window = window;
  try {
    while (outer !== outer.parent) {
      // Where that may not be read, it throws.
      if ((outer.parent as Partial<Window>).document === undefined) return undefined;
      outer = outer.parent;
    }
  } catch {
    return undefined;
  }
  return outer as Window & typeof globalThis; // A window has its document's globals.
}

/** Hides every place. @returns why that cannot be done, or nothing */
async function hide(request: PictureRequest): Promise<string> {
  restore();
  const top = topWindow();
  if (top === undefined)
    return "the page around the current frame is of another origin and might show a secret";
  const places = await findPlaces(top, request);
  restore();
  hidden = { ...places, restore: cover(places) };
  return "";
}

/** Shows every place again. @returns whether one had come up that was not hidden: "new", or nothing */
async function show(request: PictureRequest): Promise<string> {
  const before = hidden;
  restore();
  const top = topWindow();
  // Another document than the one in which something was hidden.
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

declare global {
  var stepwirePicture:
    | {
        /** Both take a {@link PictureRequest} as JSON. */
        hide: (request: string) => Promise<string>;
        show: (request: string) => Promise<string>;
      }
    | undefined;
}

globalThis.stepwirePicture = {
  hide: (json) => hide(JSON.parse(json) as PictureRequest),
  show: (json) => show(JSON.parse(json) as PictureRequest),
};
