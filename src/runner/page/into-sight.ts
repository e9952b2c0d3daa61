import { surroundingsOf, type Axis } from "./clips.ts";
import { rectsOf } from "./element.ts";
import { standInOf } from "./stand-ins.ts";

/** Ways to align what is scrolled into view, in the order in which they are tried. */
const ALIGNMENTS = ["center", "end", "start", "nearest"] as const;

export type Alignment = (typeof ALIGNMENTS)[number];

/** A sticky header or footer may cover an element where it is scrolled to, so each attempt has another alignment. */
export function alignmentOf(attempt: number): Alignment {
  return ALIGNMENTS[attempt % ALIGNMENTS.length] ?? "center";
}

/**
 * Scrolls an element into view as people can: neither a box that hides its overflow nor a page that is locked moves,
 * which `scrollIntoView` would move as well.
 */
export function scrollIntoSight(element: Element, block: Alignment, inline: Alignment = "center"): void {
  const drawn = standInOf(element) ?? element;
  const { clips } = surroundingsOf(drawn);
  if (
    !clips.some(({ axes }) => axes !== undefined && (axes.x.isLocked === true || axes.y.isLocked === true))
  ) {
    drawn.scrollIntoView({ block, inline, behavior: "instant" });
    return;
  }
  for (const { box, axes, scrolls } of clips) {
    const [rect] = rectsOf(element);
    if (!scrolls || axes === undefined || rect === undefined) continue;
    const left = way(axes.x, inline, rect.left, rect.right);
    const top = way(axes.y, block, rect.top, rect.bottom);
    scroller(box).scrollBy({ left, top, behavior: "instant" });
  }
  if (window !== top) scrollFrameIntoSight();
}

/** The documents around this one may be of another origin, where only the browser can scroll. */
function scrollFrameIntoSight(): void {
  const box = scroller(document.documentElement);
  const { scrollLeft, scrollTop } = box;
  document.documentElement.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  box.scrollTo({ left: scrollLeft, top: scrollTop, behavior: "instant" });
}

function scroller(box: Element): Element {
  return box === document.documentElement ? (document.scrollingElement ?? box) : box;
}

/** The way to scroll along one axis, in CSS pixels. */
function way({ port, content }: Axis, alignment: Alignment, from: number, to: number): number {
  if (content === undefined) return 0;
  switch (alignment) {
    case "center":
      return (from + to) / 2 - (port.from + port.to) / 2;
    case "start":
      return from - port.from;
    case "end":
      return to - port.to;
    case "nearest":
      if (from < port.from) return from - port.from;
      return to > port.to ? Math.min(to - port.to, from - port.from) : 0;
  }
}
