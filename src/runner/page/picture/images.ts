import { holdsNeedle, type Needle } from "../fold.ts";
import type { Sources } from "./sources.ts";

/**
 * Images that show a text. The text of a drawing (SVG) can be read; that of a photograph cannot, but its address may
 * tell what it shows.
 */

/** Longest wait for a drawing out of the browser's cache, in milliseconds. */
const CACHE_MS = 500;

/** Image types that show nothing but dots of colour. */
const PHOTOGRAPH = /^data:image\/(?!svg)|\.(?:png|jpe?g|gif|webp|avif|bmp|ico)$/i;

/**
 * Tells whether an image may show one of the texts.
 *
 * @param isStrict whether an image of which nobody can tell counts as one that may
 */
export async function mayShow(
  { url, element }: Sources["images"][number],
  needles: readonly Needle[],
  isStrict: boolean,
): Promise<boolean> {
  const whole = absolute(url, element.baseURI);
  if (!whole.startsWith("data:") && (holdsNeedle(whole, needles) || holdsNeedle(decoded(whole), needles)))
    return true;
  const path = whole.startsWith("data:") ? whole.slice(0, 100) : (whole.split(/[?#]/)[0] ?? "");
  if (PHOTOGRAPH.test(path)) return false;
  const isDrawing = /^data:image\/svg|\.svgz?$/i.test(path);
  if (!isDrawing && !isStrict && !whole.startsWith("blob:")) return false;
  const text = await drawingAt(whole);
  if (text === undefined) return isDrawing || isStrict;
  return showsIn(text, needles, 3);
}

function absolute(url: string, base: string): string {
  try {
    return new URL(url, base).href;
  } catch {
    return url;
  }
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll("+", " "));
  } catch {
    return url;
  }
}

/** The source of a drawing; none when it cannot be read. */
async function drawingAt(url: string): Promise<string | undefined> {
  if (url.startsWith("data:")) return textOfData(url);
  const isHere = url.startsWith("blob:") || new URL(url).origin === location.origin;
  if (!isHere) return undefined;
  try {
    // Nothing of it leaves the browser, so the application never notices.
    const cached = url.startsWith("blob:") ? {} : ({ cache: "only-if-cached", mode: "same-origin" } as const);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), CACHE_MS);
    const response = await fetch(url, { ...cached, signal: late.signal });
    clearTimeout(timer);
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok) return undefined;
    return /svg|xml/.test(type) ? await response.text() : type.startsWith("image/") ? "" : undefined;
  } catch {
    return undefined;
  }
}

function textOfData(url: string): string | undefined {
  const comma = url.indexOf(",");
  const head = url.slice(0, comma);
  const body = url.slice(comma + 1);
  try {
    const text = decodeURIComponent(body);
    if (!/;\s*base64\s*$/i.test(head)) return text;
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** @param depth how many drawings inside drawings are looked into */
function showsIn(source: string, needles: readonly Needle[], depth: number): boolean {
  if (holdsNeedle(source, needles)) return true;
  const drawing = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  if (holdsNeedle(drawing.textContent, needles)) return true;
  const inner = Array.from(drawing.querySelectorAll("*"), (element) => Array.from(element.attributes));
  return inner.flat().some(({ value }) => {
    if (!value.startsWith("data:image/svg")) return holdsNeedle(value, needles);
    const text = textOfData(value);
    return text === undefined || depth === 0 || showsIn(text, needles, depth - 1);
  });
}
