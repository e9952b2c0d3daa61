import type { Still, StillRequest } from "../still-requests.ts";
import { adopt, type Undo } from "./cover.ts";

/** Stills what moves by itself, so that two pictures of a page that nobody touches are the same. */

const NO_CARET = "*, *::before, *::after { caret-color: transparent !important; }";

/** Chromium takes a whole page without them, and leaves them out of the page's layout until that changes. */
const NO_SCROLLBAR = ":root { scrollbar-width: none !important; }";

/** Longest wait for fonts, in milliseconds: one whose server never answers must not keep the page from being judged. */
const FONTS_MS = 3_000;

interface Stilled {
  undo: Undo[];
  roots: Set<Document | ShadowRoot>;
  endless: Set<Animation>;
  /** True once the window was scrolled to its top. */
  isScrolled: boolean;
}

let stilled: Stilled | undefined;

/**
 * Hides carets, ends animations that have an end, and brings endless ones to their beginning: in the outermost window
 * that is of this origin, and all its frames that are. Calling it again stills what has come since.
 */
export async function still({ atTop }: StillRequest): Promise<Still> {
  const outermost = outermostWindow();
  stilled ??= { undo: [], roots: new Set(), endless: new Set(), isScrolled: false };
  if (atTop) scrollToTop(outermost, stilled);
  const roots = rootsIn(outermost.document);
  for (const root of roots) stillRoot(root, stilled);
  const fonts = roots.flatMap((root) => ("fonts" in root ? [root.fonts.ready] : []));
  await Promise.race([Promise.all(fonts), new Promise((resolve) => setTimeout(resolve, FONTS_MS))]);
  const isTop = outermost === top;
  return { width: isTop ? outermost.innerWidth : undefined, scale: devicePixelRatio };
}

/** Lets everything move again. */
export function release(): void {
  for (const step of stilled?.undo.splice(0).reverse() ?? []) step();
  for (const animation of stilled?.endless ?? []) animation.play();
  stilled = undefined;
}

function outermostWindow(): Window & typeof globalThis {
  let outer: Window = window;
  try {
    while (outer !== outer.parent && (outer.parent as Partial<Window>).document !== undefined)
      outer = outer.parent;
  } catch {
    // The one around it is of another origin.
  }
  return outer as Window & typeof globalThis; // A window has its document's globals.
}

function scrollToTop(view: Window, state: Stilled): void {
  const { scrollX: left, scrollY: top } = view;
  view.scrollTo({ left: 0, top: 0, behavior: "instant" });
  if (state.isScrolled) return;
  state.isScrolled = true;
  state.undo.push(adopt(view.document, NO_SCROLLBAR));
  state.undo.push(() => {
    view.scrollTo({ left, top, behavior: "instant" });
  });
}

/** The document, its open shadow roots, and those of its frames. */
function rootsIn(root: Document | ShadowRoot): (Document | ShadowRoot)[] {
  const roots = [root];
  for (const element of root.querySelectorAll("*")) {
    if (element.shadowRoot) roots.push(...rootsIn(element.shadowRoot));
    const inner = documentIn(element);
    if (inner) roots.push(...rootsIn(inner));
  }
  return roots;
}

function documentIn(element: Element): Document | null {
  if (!/^(i?frame|object)$/.test(element.localName)) return null;
  try {
    return (element as HTMLIFrameElement).contentDocument;
  } catch {
    return null;
  }
}

function stillRoot(root: Document | ShadowRoot, state: Stilled): void {
  if (!state.roots.has(root)) {
    state.roots.add(root);
    state.undo.push(adopt(root, NO_CARET));
  }
  for (const animation of root.getAnimations()) stillAnimation(animation, state);
}

function stillAnimation(animation: Animation, { endless }: Stilled): void {
  // One that follows a scroll position stands still with it.
  const isTimed = typeof animation.timeline?.currentTime === "number";
  if (!isTimed || animation.effect === null || animation.playbackRate === 0 || endless.has(animation)) return;
  const { endTime } = animation.effect.getComputedTiming();
  try {
    if (Number.isFinite(endTime)) animation.finish();
    else {
      animation.cancel();
      endless.add(animation);
    }
  } catch {
    // An animation that cannot be ended goes on, and the pictures tell.
  }
}
