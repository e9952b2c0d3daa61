import { fold, foldFor, lettersOf, needlesOf, spansOf, unfold, type Needle, type Span } from "../fold.ts";
import { largestCounter, mayCountTo } from "./generated.ts";
import { mayShow } from "./images.ts";
import { viewOf, type Source, type Sources } from "./sources.ts";
import { sourcesIn } from "./walk.ts";

/** A request to hide secrets: those that may not be seen, and how strictly. */
export interface PictureRequest {
  secrets: string[];
  /** True when everything of which nobody can tell counts as showing a secret. */
  unknown: boolean;
}

/** The places where a window shows one of the secrets. */
export interface Places {
  ranges: Range[];
  /** Elements to be covered as a whole. */
  covered: Set<Element>;
}

/** Finds every place of the window, with all its frames, that shows or may show a secret. */
export async function findPlaces(
  top: Window & typeof globalThis,
  { secrets, unknown }: PictureRequest,
): Promise<Places> {
  const needles = secrets.flatMap(needlesOf);
  const sources = sourcesIn(top, unknown);
  const images = await Promise.all(
    sources.images.map(async (image) =>
      (await mayShow(image, needles, unknown)) ? image.element : undefined,
    ),
  );
  const places: Places = { ranges: [], covered: new Set(sources.opaque) };
  for (const element of [...images, ...countersShowing(sources, needles)]) {
    if (element !== undefined) places.covered.add(element);
  }
  // A secret may be split among neighbouring texts of all kinds, or among those of one kind, with others in between
  // that are for the blind only, or for the eye only.
  const { texts } = sources;
  const kinds = new Set(texts.map(({ kind }) => kind));
  addPlaces(texts, needles, places);
  if (kinds.size > 1) {
    for (const kind of kinds)
      addPlaces(
        texts.filter((source) => source.kind === kind),
        needles,
        places,
      );
  }
  return places;
}

function countersShowing({ counters, elements }: Sources, needles: readonly Needle[]): Element[] {
  if (counters.length === 0) return [];
  const largest = largestCounter([...elements.keys()]);
  const showing = counters.filter(({ styles, beside }) => {
    const counter = { styles, beside: beside.map((text) => lettersOf(fold(text))) };
    return needles.some(({ text }) => mayCountTo(lettersOf(text), counter, largest));
  });
  return showing.map(({ element }) => element);
}

/** Looks for the needles across the borders of the sources. */
function addPlaces(sources: readonly Source[], needles: readonly Needle[], places: Places): void {
  const folded = sources.map(({ text }) => fold(text));
  for (const keeps of new Set(needles.map((needle) => needle.keeps))) {
    const parts = keeps === undefined ? folded : folded.map((text) => lettersOf(text, keeps));
    const folding = (text: string) => foldFor(text, keeps === undefined ? {} : { keeps });
    const own = needles.filter((needle) => needle.keeps === keeps).map(({ text }) => text);
    addPlacesOf({ sources, parts, folding }, own, places);
  }
}

interface Stream {
  sources: readonly Source[];
  /** The texts of the sources, folded. */
  parts: readonly string[];
  folding: (text: string) => string;
}

function addPlacesOf({ sources, parts, folding }: Stream, needles: readonly string[], places: Places): void {
  const starts: number[] = [];
  let length = 0;
  for (const part of parts) {
    starts.push(length);
    length += part.length;
  }
  const sourceAt = (position: number) => lastUpTo(starts, position);
  // In a row of fields each holds a whole group of a secret; where two texts only happen to be neighbours, one would
  // have to begin or end with it.
  const accept = ([start, end]: Span) => {
    const first = sourceAt(start);
    const last = sourceAt(end - 1);
    if (first === last || (sources[first]?.kind !== "value" && sources[last]?.kind !== "value")) return true;
    return start === starts[first] || end === (starts[last + 1] ?? length);
  };
  const bySource = new Map<Source, Span[]>();
  for (const [start, end] of spansOf(parts.join(""), needles, accept)) {
    for (let index = sourceAt(start); index <= sourceAt(end - 1); index++) {
      const from = starts[index] ?? 0;
      const to = starts[index + 1] ?? length;
      const source = sources[index];
      if (source === undefined || to === from) continue;
      const spans = bySource.get(source) ?? [];
      bySource.set(source, spans);
      spans.push([Math.max(start, from) - from, Math.min(end, to) - from]);
    }
  }
  for (const [source, spans] of bySource) addPlacesIn(source, spans, folding, places);
}

/** The index of the last of the ascending numbers that is not larger than `position`. */
function lastUpTo(numbers: readonly number[], position: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

function addPlacesIn(
  source: Source,
  spans: readonly Span[],
  folding: Stream["folding"],
  places: Places,
): void {
  const { node, element, text } = source;
  if (node?.data !== text || mustBeCovered(element)) {
    places.covered.add(element);
    return;
  }
  for (const [start, end] of unfold(text, spans, folding)) {
    const range = node.ownerDocument.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    places.ranges.push(range);
  }
}

/**
 * True for an element with something that a highlight does not replace: shadows, outlines, letters that cut out a
 * background, or a selection.
 */
function mustBeCovered(element: Element): boolean {
  const view = viewOf(element);
  if (!view?.CSS.highlights) return true;
  const style = view.getComputedStyle(element);
  const isSelected = view.getSelection()?.isCollapsed === false;
  return isSelected || style.textShadow !== "none" || parseFloat(style.webkitTextStrokeWidth) > 0;
}
