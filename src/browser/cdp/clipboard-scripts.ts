/** Scripts by which the documents of a session tell what they copy, and paste nothing but what the session has copied. */

/** The function that a document calls, in the runner's world, to tell of its clipboard. */
export const CLIPBOARD_BINDING = "tellClipboard";

/** Texts that lie in a clipboard, by their types, such as `text/plain`. */
export type Copied = Readonly<Record<string, string>>;

/** A message of a document. */
export type ClipboardMessage =
  /** Something was copied. @param isNative whether the browser copied a selection, of which only the text is told */
  | { copied: Copied; isNative: boolean }
  /** A call of `navigator.clipboard` that copies. */
  | { began: true }
  /** Its end. @param ended nothing when it came to nothing */
  | { ended: Copied | null }
  /** The page reads the clipboard, as it may. @param asked by which the answer is known */
  | { asked: number };

/** Longest text that is told, in characters. */
const MOST_TOLD = 20_000_000;

/**
 * The script in the runner's world of each document. A paste whose text is another than the one that was announced is
 * kept from the page: it was copied by another run of the same browser. A copy is told with the text that it would
 * leave in the clipboard, again after each listener of the page that may have changed that; the last one counts.
 *
 * @param channel the type of the events between the two worlds
 */
export const clipboardScript = (channel: string) => `(() => {
  let announced, refused = false;
  const plain = (text) => text.replaceAll("\\r\\n", "\\n");
  const tell = (message) => ${CLIPBOARD_BINDING}(JSON.stringify(message));
  const cut = (text) => text.slice(0, ${MOST_TOLD});
  const onPaste = (event) => {
    if (!event.isTrusted) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (announced !== undefined && plain(text) === announced) return;
    refused = true;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const selected = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    if (isField && element.type === "password") return "";
    if (isField && element.selectionStart !== null)
      return element.value.slice(element.selectionStart, element.selectionEnd);
    const root = element?.getRootNode();
    return String(getSelection()) || (root instanceof ShadowRoot ? String(root.getSelection?.() ?? "") : "");
  };
  const onListened = (event) => {
    if (!event.isTrusted || !event.defaultPrevented) return;
    const { types = [] } = event.clipboardData ?? {};
    const texts = types.filter((type) => type !== "Files").map((type) => [type, cut(event.clipboardData.getData(type))]);
    if (texts.length > 0) tell({ copied: Object.fromEntries(texts), isNative: false });
  };
  const onCopy = (event) => {
    if (!event.isTrusted) return;
    const text = selected();
    if (text !== "") tell({ copied: { "text/plain": cut(text) }, isNative: true });
    for (const target of event.composedPath()) {
      target.removeEventListener(event.type, onListened);
      target.addEventListener(event.type, onListened);
    }
  };
  const onOwnWorld = (event) => {
    event.stopImmediatePropagation();
    tell(JSON.parse(event.detail));
  };
  const watch = () => {
    addEventListener("paste", onPaste, true);
    addEventListener("copy", onCopy, true);
    addEventListener("cut", onCopy, true);
    addEventListener(${JSON.stringify(channel)}, onOwnWorld, true);
  };
  watch();
  globalThis.stepwireClipboard = {
    announce(text) {
      announced = plain(text);
      refused = false;
      // A document that was opened anew has lost its listeners.
      watch();
    },
    withdraw() {
      announced = undefined;
      return refused;
    },
    answer(detail) {
      dispatchEvent(new CustomEvent(${JSON.stringify(`${channel}-answer`)}, { detail }));
    },
  };
})();`;

/**
 * The script in the page's own world, where alone calls of `navigator.clipboard` can be seen and answered. The browser
 * judges each call first: whoever may not read it gets its error. A native function stays one to whoever looks at it.
 */
export const ownWorldScript = (channel: string) => `(() => {
  const own = globalThis.Clipboard?.prototype;
  if (own === undefined) return;
  const { Proxy, CustomEvent, Blob, ClipboardItem } = globalThis, { apply } = Reflect, { parse, stringify } = JSON;
  const send = dispatchEvent.bind(globalThis), listen = addEventListener.bind(globalThis);
  const tell = (message) => send(new CustomEvent(${JSON.stringify(channel)}, { detail: stringify(message) }));
  const asked = new Map();
  let last = 0;
  const onAnswer = (event) => {
    event.stopImmediatePropagation();
    const { id, texts } = parse(event.detail);
    asked.get(id)?.(texts);
    asked.delete(id);
  };
  const ask = () => new Promise((resolve) => {
    const id = ++last;
    asked.set(id, resolve);
    listen(${JSON.stringify(`${channel}-answer`)}, onAnswer, true);
    tell({ asked: id });
  });
  const instead = (name, work) => {
    if (own[name] === undefined) return;
    own[name] = new Proxy(own[name], {
      apply: (call, self, args) => work(apply(call, self, args), args),
    });
  };
  const writing = (textsOf) => (copied, args) => {
    tell({ began: true });
    const texts = textsOf(args[0]);
    copied.then(() => texts).catch(() => null).then((ended) => tell({ ended }));
    return copied;
  };
  instead("writeText", writing(async (text) => ({ "text/plain": String(text) })));
  instead("write", writing(async (items) => {
    const texts = {};
    for (const item of items)
      for (const type of item.types)
        if (!type.startsWith("image/")) texts[type] = await (await item.getType(type)).text();
    return texts;
  }));
  instead("readText", async (read) => {
    await read;
    return (await ask())["text/plain"] ?? "";
  });
  instead("read", async (read) => {
    await read;
    const texts = Object.entries(await ask()).filter(([type]) => ClipboardItem.supports?.(type) ?? true);
    const blobs = texts.map(([type, text]) => [type, new Blob([text], { type })]);
    return blobs.length === 0 ? [] : [new ClipboardItem(Object.fromEntries(blobs))];
  });
})();`;

/** Announces the text of the paste to come, in the runner's world; without one no paste reaches the page. */
export const ANNOUNCE = `(text) => String(globalThis.stepwireClipboard?.announce(text))`;
/** Ends that. Answers `true` when a paste of another text was kept from the page. */
export const WITHDRAW = `() => String(globalThis.stepwireClipboard?.withdraw())`;
/** Answers a page that reads the clipboard. */
export const ANSWER = `(detail) => String(globalThis.stepwireClipboard?.answer(detail))`;

/** The page by which the browser's clipboard is filled and looked at, and which nobody else uses. */
export const CLIPBOARD_PAGE = `(() => {
  document.body.textContent = "-";
  document.body.contentEditable = "true";
  document.body.focus();
  addEventListener("copy", (event) => {
    event.preventDefault();
    for (const [type, text] of Object.entries(globalThis.texts)) event.clipboardData.setData(type, text);
  });
  addEventListener("paste", (event) => {
    event.preventDefault();
    const types = event.clipboardData.types.filter((type) => type !== "Files");
    globalThis.pasted = Object.fromEntries(types.map((type) => [type, event.clipboardData.getData(type)]));
  });
})()`;

/** Puts texts into the browser's clipboard, in {@link CLIPBOARD_PAGE}; without any it is empty. */
export const fillClipboard = (texts: Copied) => `(() => {
  globalThis.texts = ${JSON.stringify(texts)};
  getSelection().selectAllChildren(document.body);
  return document.execCommand("copy");
})()`;
