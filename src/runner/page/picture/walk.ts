import { addGenerated, addImagesOf, addReferred, hrefOf, isOfDrawing } from "./generated.ts";
import { noSources, viewOf, type Sources } from "./sources.ts";

/** Looks at all that a window draws, in the order in which it is drawn, through shadow roots and frames. */

/** Elements that draw something of their own and nothing of what is in them. */
const CLOSED = new Set(["input", "textarea", "select", "img", "iframe", "frame", "embed", "canvas", "video"]);
const ALSO_CLOSED = new Set(["audio", "progress", "meter", "fencedframe", "datalist"]);

/** Parts of a drawing that are drawn only where something refers to them. */
const REFERRED = new Set([
  "defs",
  "symbol",
  "clipPath",
  "mask",
  "pattern",
  "marker",
  "filter",
  "linearGradient",
  "radialGradient",
  "title",
  "desc",
  "metadata",
]);

/** Elements that can have a shadow root, beside those with a name of the page's own: https://dom.spec.whatwg.org/#dom-element-attachshadow */
const SHADOW_HOSTS =
  /^(?:article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span|.+-.*)$/;

type Visit = Node | { endOf: Element };

/** @param isStrict whether to list whatever may show a text unseen */
export function sourcesIn(window: Window & typeof globalThis, isStrict: boolean): Sources {
  const sources = noSources();
  const stack: Visit[] = [window.document.documentElement];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const children = "endOf" in next ? leave(next.endOf, sources) : visit(next, sources, isStrict);
    for (const child of children.reverse()) stack.push(child);
  }
  return sources;
}

function leave(element: Element, sources: Sources): Visit[] {
  addPseudo(element, "::after", sources);
  return [];
}

/** @returns what comes next */
function visit(node: Node, sources: Sources, isStrict: boolean): Visit[] {
  if (node.nodeType === 3 || node.nodeType === 4) addText(node as Text, sources); // Text, CDATA
  if (node.nodeType !== 1) return [];
  const element = node as Element;
  const style = viewOf(element)?.getComputedStyle(element);
  if (style === undefined || style.display === "none") return [];
  const name = element.localName;
  if (isOfDrawing(element) && REFERRED.has(name)) return [];
  const isSeen = style.visibility === "visible";
  sources.elements.set(element, isSeen);
  if (isSeen) addImagesOf(element, style, sources);
  if (isSeen) addGenerated(element, style, sources);
  if (CLOSED.has(name) || ALSO_CLOSED.has(name) || name === "object") {
    return isSeen ? addReplaced(element, sources, isStrict) : [];
  }
  if (name === "image" || name === "feImage") sources.images.push({ url: hrefOf(element), element });
  if (name === "use") addUse(element, sources);
  if (isStrict && isSeen && isPerhapsClosed(element)) sources.opaque.push(element);
  if (style.display.includes("list-item")) addPseudo(element, "::marker", sources);
  addPseudo(element, "::before", sources);
  return [...childrenOf(element), { endOf: element }];
}

function addText(node: Text, sources: Sources): void {
  // The text of a slot's fallback, or of a shadow root, has no parent element, but a host.
  const element = node.parentElement ?? (node.getRootNode() as Partial<ShadowRoot>).host;
  if (element === undefined || node.data === "") return;
  // The parent of a text in a slot has not been gone through.
  const isSeen = sources.elements.get(element) ?? true;
  if (!isSeen) return;
  sources.texts.push({ text: node.data, kind: "text", element, node });
}

function childrenOf(element: Element): Node[] {
  if (element.shadowRoot) return [...element.shadowRoot.childNodes];
  if (element.localName !== "slot") return [...element.childNodes];
  const assigned = (element as HTMLSlotElement).assignedNodes();
  return assigned.length > 0 ? assigned : [...element.childNodes];
}

function addPseudo(element: Element, pseudo: string, sources: Sources): void {
  const style = viewOf(element)?.getComputedStyle(element, pseudo);
  if (style === undefined) return;
  const { content } = style;
  if (content === "none" || (content === "normal" && pseudo !== "::marker")) return;
  addImagesOf(element, style, sources);
  addGenerated(element, style, sources);
}

function addUse(element: Element, sources: Sources): void {
  const href = hrefOf(element);
  if (href.startsWith("#")) addReferred(element, href.slice(1), sources);
  else if (href !== "") sources.images.push({ url: href.split("#")[0] ?? "", element });
}

/** A shadow root that is closed shows neither itself nor that it is there. */
function isPerhapsClosed(element: Element): boolean {
  if (element.shadowRoot !== null || !SHADOW_HOSTS.test(element.localName)) return false;
  if (element.localName.includes("-")) return true;
  const { width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return false;
  const range = element.ownerDocument.createRange();
  range.selectNodeContents(element);
  return ![...range.getClientRects()].some((rect) => rect.width > 0 && rect.height > 0);
}

/** Adds what an element draws by itself. */
function addReplaced(element: Element, sources: Sources, isStrict: boolean): Visit[] {
  const name = element.localName;
  const drawn = (...texts: (string | null | undefined)[]) => {
    for (const text of texts) if (text) sources.texts.push({ text, kind: "drawn", element });
  };
  if (name === "input" || name === "textarea") addField(element as HTMLInputElement, sources);
  if (name === "select") addChoices(element as HTMLSelectElement, sources);
  if (name === "img") addPicture(element as HTMLImageElement, sources);
  if (name === "video") addVideo(element as HTMLVideoElement, sources);
  if (name === "iframe" || name === "frame") {
    const inner = contentOf(element as HTMLIFrameElement);
    if (inner === null) sources.opaque.push(element);
    return inner?.documentElement ? [inner.documentElement] : [];
  }
  if (name === "object" || name === "embed") return addEmbedded(element as HTMLObjectElement, sources);
  if (name === "fencedframe" || (isStrict && (name === "canvas" || name === "video")))
    sources.opaque.push(element);
  if (name === "audio") drawn(element.getAttribute("title"));
  return [];
}

function contentOf(frame: HTMLIFrameElement | HTMLObjectElement): Document | null {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

function addEmbedded(element: HTMLObjectElement, sources: Sources): Visit[] {
  const isObject = element.localName === "object";
  const address = element.getAttribute(isObject ? "data" : "src");
  const inner = isObject ? contentOf(element) : (element as unknown as HTMLEmbedElement).getSVGDocument();
  if (inner?.documentElement) return [inner.documentElement];
  // Without an address it is drawn as any other element.
  if (address !== null) sources.opaque.push(element);
  return isObject ? [...element.childNodes] : [];
}

/** Types of fields that do not show what was typed into them; a password shows dots. */
const SHOWS_NOTHING = new Set(["checkbox", "color", "hidden", "password", "radio", "range"]);
const DATES = new Set(["date", "datetime-local", "month", "week", "time"]);

function addField(field: HTMLInputElement, sources: Sources): void {
  const { type } = field;
  if (SHOWS_NOTHING.has(type)) return;
  const show = (text: string, kind: "value" | "drawn") => {
    if (text !== "") sources.texts.push({ text, kind, element: field });
  };
  if (type === "file") {
    for (const { name } of field.files ?? []) show(name, "drawn");
  } else if (type === "image") {
    show(field.alt, "drawn");
    show(field.value, "drawn");
    sources.images.push({ url: field.src, element: field });
  } else if (field.value === "") {
    show(field.placeholder, "drawn");
  } else {
    show(field.value, "value");
    if (DATES.has(type)) for (const written of datesOf(field.value)) show(written, "drawn");
  }
}

/** A date in the orders in which people write it; which of them a browser shows depends on its language. */
function datesOf(value: string): string[] {
  const [year, month, day] = value.split(/\D+/);
  if (year === undefined || month === undefined || day === undefined) return [];
  return [`${month} ${day} ${year}`, `${day} ${month} ${year}`, `${month} ${day} ${year.slice(-2)}`];
}

function addChoices(select: HTMLSelectElement, sources: Sources): void {
  for (const choice of select.querySelectorAll("option, optgroup, legend")) {
    const { label } = choice as HTMLOptionElement;
    for (const text of new Set([label, choice.localName === "optgroup" ? "" : choice.textContent])) {
      if (!text) continue;
      sources.texts.push({ text, kind: "drawn", element: select });
      // An open list is drawn above the page, where the list's own style does not reach.
      sources.texts.push({ text, kind: "drawn", element: choice });
    }
  }
}

function addPicture(image: HTMLImageElement, sources: Sources): void {
  const isBroken = !image.complete || image.naturalWidth === 0;
  if (isBroken && image.alt !== "") sources.texts.push({ text: image.alt, kind: "drawn", element: image });
  const url = image.currentSrc || image.src;
  if (url !== "") sources.images.push({ url, element: image });
}

function addVideo(video: HTMLVideoElement, sources: Sources): void {
  if (video.poster !== "") sources.images.push({ url: video.poster, element: video });
  for (const track of video.textTracks) {
    if (track.mode !== "showing") continue;
    for (const cue of track.activeCues ?? [])
      sources.texts.push({ text: (cue as VTTCue).text, kind: "drawn", element: video });
  }
}
