import { EXPOSED } from "./exposure.js";
import { isReplaced, type Page, type PictureTaker } from "./ports.js";

/** How often a picture is taken again because a secret came up just as it was taken. */
const TRIES = 3;

/**
 * What both functions below share: finds every place in the window that shows one of the secrets. Texts are
 * found across element boundaries, in open shadow roots and in every frame that can be reached.
 */
const FIND_PLACES = `
  const secrets = JSON.parse(argument);
  const holds = (text) => secrets.some((secret) => String(text ?? "").includes(secret));
  let topWindow = window;
  try {
    while (topWindow !== topWindow.parent && topWindow.parent.document) topWindow = topWindow.parent;
  } catch {
    return "the page around the current frame is of another origin and might show a secret";
  }
  const ranges = [], fields = [], covered = [], roots = [];
  const visit = (root) => {
    const view = (root.ownerDocument ?? root).defaultView;
    if (!view) return;
    roots.push({ root, view });
    const walker = (root.ownerDocument ?? root).createTreeWalker(root, 4 /* NodeFilter.SHOW_TEXT */);
    const nodes = [], starts = [];
    let text = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      nodes.push(node);
      starts.push(text.length);
      text += node.data;
    }
    const nodeAt = (offset) => {
      let low = 0, high = nodes.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= offset) low = middle; else high = middle - 1;
      }
      return low;
    };
    for (const secret of secrets) {
      for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
        const first = nodeAt(at), last = nodeAt(at + secret.length - 1);
        const range = nodes[first].ownerDocument.createRange();
        range.setStart(nodes[first], at - starts[first]);
        range.setEnd(nodes[last], at + secret.length - starts[last]);
        ranges.push({ range, view });
        // A highlight replaces neither.
        for (const { parentElement } of nodes.slice(first, last + 1)) {
          const style = parentElement && view.getComputedStyle(parentElement);
          if (style && (style.textShadow !== "none" || parseFloat(style.webkitTextStrokeWidth) > 0))
            covered.push(parentElement);
        }
      }
    }
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      const name = element.localName;
      if (name === "iframe" || name === "frame" || name === "object") {
        if (element.contentDocument) visit(element.contentDocument);
        else if (name !== "object") covered.push(element);
      } else if (name === "textarea" || (name === "input" && element.type !== "password")) {
        const isTyped = name === "textarea" || !/^(button|submit|reset|color|range|file|checkbox|radio)$/.test(element.type);
        if (holds(element.value)) (isTyped ? fields : covered).push(element);
        else if (!element.value && holds(element.placeholder)) covered.push(element);
      } else if (name === "select" && [...element.options].some((option) => holds(option.text))) {
        covered.push(element);
      }
    }
  };
  visit(topWindow.document);`;

/** Hides every place. @returns why that cannot be done, or nothing */
const HIDE = `(argument) => {
  globalThis.stepwirePicture?.restore();${FIND_PLACES}
  const undo = [];
  const restyle = (element, properties) => {
    const before = element.getAttribute("style");
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value, "important");
    undo.push(() => {
      // Chromium removes only an attribute that it has written down since the style was changed.
      element.getAttribute("style");
      if (before === null) element.removeAttribute("style"); else element.setAttribute("style", before);
    });
  };
  globalThis.stepwirePicture = { ranges, fields, covered, restore: () => {
    delete globalThis.stepwirePicture;
    for (const step of undo.splice(0).reverse()) step();
  } };
  for (const field of fields) restyle(field, { "-webkit-text-security": "disc" });
  for (const element of covered) restyle(element, { opacity: "0", transition: "none" });
  if (ranges.length === 0) return "";
  for (const { root, view } of roots) {
    const own = ranges.filter((place) => place.view === view).map(({ range }) => range);
    if (own.length === 0) continue;
    if (!view.CSS.highlights) return "this browser cannot hide text in a page";
    if (!view.CSS.highlights.has("stepwire-secret")) {
      view.CSS.highlights.set("stepwire-secret", Object.assign(new view.Highlight(...own), { priority: 2147483647 }));
      undo.push(() => view.CSS.highlights.delete("stepwire-secret"));
    }
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync("::highlight(stepwire-secret) { color: transparent; fill: transparent; " +
      "-webkit-text-fill-color: transparent; -webkit-text-stroke-color: transparent; " +
      "background-color: #000; text-shadow: none; text-decoration: none; }");
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    undo.push(() => {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets].filter((other) => other !== sheet);
    });
  }
  return "";
}`;

/** Shows every place again. @returns whether one had come up that was not hidden: "new", or nothing */
const SHOW = `(argument) => {
  const hidden = globalThis.stepwirePicture;
  hidden?.restore();
  // Another document than the one in which something was hidden.
  if (!hidden) return "new";${FIND_PLACES}
  const isHidden = ({ range }) => hidden.ranges.some(({ range: known }) =>
    known.startContainer === range.startContainer && known.startOffset === range.startOffset &&
    known.endContainer === range.endContainer && known.endOffset === range.endOffset);
  const isSame = ranges.every(isHidden) && fields.every((field) => hidden.fields.includes(field)) &&
    covered.every((element) => hidden.covered.includes(element));
  return isSame ? "" : "new";
}`;

/**
 * Takes a screenshot on which the secrets that a run has used cannot be read: they are blackened in texts and
 * replaced by dots in form fields while it is taken. Frames of another origin, into which nobody can look from
 * here, are left blank. What a page draws on a canvas or keeps in a closed shadow root stays as it is.
 *
 * @throws Error when the secrets cannot be hidden.
 */
export const takePicture: PictureTaker = (page, secrets, signal) =>
  withoutSecrets(page, secrets, signal, () => page.screenshot(signal));

/**
 * Takes a {@link Page.videoFrame} as {@link takePicture} takes a screenshot.
 *
 * @throws Error when the secrets cannot be hidden, or the page takes no such pictures.
 */
export const takeVideoFrame: PictureTaker = (page, secrets, signal) =>
  withoutSecrets(page, secrets, signal, () => {
    if (!page.videoFrame) throw new Error("This browser takes no pictures for a video.");
    return page.videoFrame(signal);
  });

type Take = () => Promise<Uint8Array>;

/** Of each page the picture that is being taken: what is hidden for one must not be shown again for another. */
const underWay = new WeakMap<Page, Promise<unknown>>();

async function withoutSecrets(
  page: Page,
  secrets: readonly string[],
  signal: AbortSignal,
  take: Take,
): Promise<Uint8Array> {
  if (secrets.length === 0) return await take();
  if (page.isExposed === true) throw new Error(`No picture is taken: ${EXPOSED}.`);
  const before = underWay.get(page);
  const picture = (async () => {
    // Whatever has become of it: whoever asked for it knows.
    await before?.catch(() => undefined);
    return await hidden(page, JSON.stringify(secrets), signal, take);
  })();
  underWay.set(page, picture);
  return await picture;
}

async function hidden(page: Page, argument: string, signal: AbortSignal, take: Take): Promise<Uint8Array> {
  // An open dialog blocks the page, and with it what hides the secrets.
  if (page.openDialog)
    throw new Error("An open dialog keeps secrets from being hidden, so no picture is taken.");
  for (let number = 0; number < TRIES; number++) {
    const picture = await hiddenOnce(page, argument, signal, take);
    if (picture) return picture;
  }
  throw new Error("Secrets kept coming up in the page, so no picture could be taken without them.");
}

/** @returns nothing when the page changed while the picture was taken */
async function hiddenOnce(
  page: Page,
  argument: string,
  signal: AbortSignal,
  take: Take,
): Promise<Uint8Array | undefined> {
  try {
    const obstacle = await page.call(HIDE, argument, signal);
    if (obstacle !== "") throw new Error(`No picture is taken: ${obstacle}.`);
    const picture = await take();
    return (await page.call(SHOW, argument, signal)) === "" ? picture : undefined;
  } catch (error) {
    if (isReplaced(error)) return undefined;
    // The page goes on after a picture that could not be taken, and has to look as before then.
    await page.call(SHOW, argument, signal).catch(() => undefined);
    throw error;
  }
}
