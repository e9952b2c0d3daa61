import { viewOf, type Sources } from "./sources.ts";

/** Drawings of styles that are no text of the document: generated content, list markers, counters and images. */

/** A string of CSS, or the name of something that `content` may be made of. */
const PARTS =
  /"((?:[^"\\]|\\[^])*)"|\b(attr|counters?|open-quote|close-quote)\b(?:\(([^()"]*)("[^"]*")?([^()]*)\))?/g;

/** Properties that draw an image, or use one or a shape to cut out what they draw. */
const WITH_IMAGES = ["backgroundImage", "borderImageSource", "clipPath", "filter", "maskImage"] as const;

const OF_SVG = ["fill", "stroke", "markerStart", "markerMid", "markerEnd"] as const;

/** Counter styles that every browser has; what a page's own style draws is its own business. */
const NUMBERS = new Set(["decimal", "decimal-leading-zero"]);
const SIGNS = new Set(["none", "disc", "circle", "square", "disclosure-open", "disclosure-closed"]);

/** Adds what the element's own style, or that of its pseudo-element, draws. */
export function addGenerated(element: Element, style: CSSStyleDeclaration, sources: Sources): void {
  const { content } = style;
  if (content !== "none" && content !== "normal" && content !== "") addContent(element, style, sources);
  if (style.display.includes("list-item")) addMarker(element, style, sources);
}

/** Adds the images that a style names, and what it takes from elsewhere in the document. */
export function addImagesOf(element: Element, style: CSSStyleDeclaration, sources: Sources): void {
  for (const name of isOfDrawing(element) ? [...WITH_IMAGES, ...OF_SVG] : WITH_IMAGES) {
    addImagesIn(style[name], element, sources);
  }
}

export function isOfDrawing({ namespaceURI }: Element): boolean {
  return namespaceURI === "http://www.w3.org/2000/svg";
}

function addImagesIn(value: string, element: Element, sources: Sources): void {
  if (value === "none" || !value.includes("url(")) return;
  for (const url of urlsIn(value)) addImage(element, url, sources);
}

function addImage(element: Element, url: string, sources: Sources): void {
  const fragment = /^(?:[^#]*)#(.+)$/.exec(url)?.[1];
  const isHere = fragment !== undefined && (url.startsWith("#") || url.split("#")[0] === baseOf(element));
  if (isHere) addReferred(element, fragment, sources);
  else sources.images.push({ url, element });
}

function baseOf(element: Element): string {
  return (element.ownerDocument.location as Location | null)?.href.split("#")[0] ?? "";
}

/** Adds a shape elsewhere in the document, by its id, which the element shows. */
export function addReferred(element: Element, id: string, sources: Sources): void {
  const root = element.getRootNode() as Document | ShadowRoot;
  const shape = root.getElementById(id) ?? element.ownerDocument.getElementById(id);
  if (shape === null || shape.contains(element)) return;
  const inner = Array.from(shape.querySelectorAll("use"), (use) => referredText(use, root));
  for (const text of [shape.textContent, ...inner]) sources.texts.push({ text, kind: "drawn", element });
  for (const image of shape.querySelectorAll("image, feImage"))
    sources.images.push({ url: hrefOf(image), element });
}

function referredText(use: Element, root: Document | ShadowRoot): string {
  return root.getElementById(hrefOf(use).replace(/^#/, ""))?.textContent ?? "";
}

export function hrefOf(element: Element): string {
  return element.getAttribute("href") ?? element.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? "";
}

function urlsIn(value: string): string[] {
  return Array.from(value.matchAll(/url\("((?:[^"\\]|\\[^])*)"\)/g), ([, url = ""]) => unescapeCss(url));
}

function addContent(element: Element, style: CSSStyleDeclaration, sources: Sources): void {
  addImagesIn(style.content, element, sources);
  let drawn = "";
  const beside: string[] = [];
  const styles: string[] = [];
  for (const [, string, name, first = "", , last = ""] of style.content.matchAll(PARTS)) {
    if (string !== undefined) drawn += unescapeCss(string);
    if (string !== undefined) beside.push(unescapeCss(string));
    if (name === "attr") drawn += element.getAttribute(first.trim().split(/[\s,]/)[0] ?? "") ?? "";
    if (name?.endsWith("-quote")) drawn += stringsIn(style.quotes).join("");
    if (name?.startsWith("counter")) styles.push(counterStyle(name, first, last));
  }
  if (drawn !== "") sources.texts.push({ text: drawn, kind: "drawn", element });
  if (styles.length > 0) sources.counters.push({ element, styles, beside });
}

function counterStyle(name: string, first: string, last: string): string {
  const parts = (name === "counters" ? last : first).split(",");
  return (name === "counters" ? parts.at(-1) : parts[1])?.trim() || "decimal";
}

function addMarker(
  element: Element,
  { listStyleImage, listStyleType }: CSSStyleDeclaration,
  sources: Sources,
): void {
  addImagesIn(listStyleImage, element, sources);
  const strings = stringsIn(listStyleType);
  if (strings.length > 0) sources.texts.push({ text: strings.join(""), kind: "drawn", element });
  else if (!SIGNS.has(listStyleType)) sources.counters.push({ element, styles: [listStyleType], beside: [] });
}

function stringsIn(value: string): string[] {
  return Array.from(value.matchAll(/"((?:[^"\\]|\\[^])*)"/g), ([, string = ""]) => unescapeCss(string));
}

function unescapeCss(text: string): string {
  return text.replace(/\\(?:([\da-f]{1,6})\s?|([^]))/gi, (_all, hex?: string, character?: string) => {
    if (hex === undefined) return character ?? "";
    const code = parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}

/**
 * The largest value that a counter can reach that all the elements, and what is drawn around them, set, reset or step.
 */
export function largestCounter(elements: readonly Element[]): number {
  let largest = 0;
  for (const element of elements) {
    for (const pseudo of [undefined, "::before", "::after"]) largest += stepsOf(element, pseudo);
    if (element.localName !== "li" && element.localName !== "ol") continue;
    const number = Number(element.getAttribute("value") ?? element.getAttribute("start") ?? 1);
    largest += Math.abs(number) || 1;
  }
  return largest;
}

function stepsOf(element: Element, pseudo: string | undefined): number {
  const style = viewOf(element)?.getComputedStyle(element, pseudo);
  if (style === undefined || (pseudo !== undefined && style.content === "none")) return 0;
  const values = [style.counterReset, style.counterSet, style.counterIncrement];
  const numbers = values.flatMap((value) => (value === "none" ? [] : (value.match(/-?\d+/g) ?? [])));
  return numbers.reduce((sum, number) => sum + Math.abs(Number(number)), 0);
}

const KNOWN_STYLE =
  /^(?:(?:lower|upper)-(?:roman|alpha|latin|greek)|armenian|georgian|hebrew|hiragana|katakana|[a-z-]*(?:arabic-indic|cjk|ethiopic|korean|japanese|chinese|hiragana|katakana|armenian|georgian)[a-z-]*|bengali|cambodian|devanagari|gujarati|gurmukhi|kannada|khmer|lao|malayalam|mongolian|myanmar|oriya|persian|tamil|telugu|thai|tibetan|urdu)$/;

/**
 * Tells whether a counter may show a text. Its value cannot be read, so this goes by how far it can come, how it is
 * written, and what stands beside it.
 *
 * @param needle letters and digits only
 */
export function mayCountTo(
  needle: string,
  { styles, beside }: Pick<Sources["counters"][number], "styles" | "beside">,
  largest: number,
): boolean {
  if (beside.some((text) => text !== "" && needle.includes(text))) return true;
  return styles.some((style) => {
    if (SIGNS.has(style)) return false;
    if (NUMBERS.has(style)) return /^\d+$/.test(needle) && Number(needle) <= largest;
    // Three letters stand for 703 at least, or for a Roman number.
    if (KNOWN_STYLE.test(style)) return needle.length < 3 || largest >= 700;
    return true;
  });
}
