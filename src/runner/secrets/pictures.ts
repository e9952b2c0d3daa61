import { EXPOSED } from "../exposure.js";
import { HIDE_SECRETS, SHOW_SECRETS } from "../picture-script.generated.js";
import { isDocumentReplaced, type Page, type PicturePart, type PictureTaker } from "../ports.js";

/** Most tries to take a picture; one is repeated when a secret came up just as the picture was taken. */
const TRIES = 3;

export interface PictureOptions {
  /**
   * True when content that nobody can look into is blackened too: canvases, videos, closed shadow roots, and images of
   * which nobody can tell what they show.
   * @defaultValue false
   */
  blackenUnknown?: boolean;
}

/**
 * Takes pictures on which the secrets that a run has used cannot be read: whatever shows one, or may show one, is
 * black while a picture is taken. Frames of another origin, into which nobody can look from here, always are.
 */
export function pictureTakers({ blackenUnknown: unknown = false }: PictureOptions = {}): {
  /** Takes a {@link Page.screenshot}, or the picture of a part. */
  takePicture: PictureTaker;
  /** Takes a {@link Page.videoFrame}; rejects when the page takes no such pictures. */
  takeVideoFrame: PictureTaker;
} {
  const taker =
    (take: (page: Page, signal: AbortSignal, part?: PicturePart) => Promise<Uint8Array>): PictureTaker =>
    async (page, secrets, signal, part) => {
      const takeIt = () => take(page, signal, part);
      if (secrets.length === 0) return await takeIt();
      if (page.isExposed === true) throw new Error(`No picture is taken: ${EXPOSED}.`);
      return await withoutSecrets(page, JSON.stringify({ secrets, unknown }), signal, takeIt);
    };
  return {
    takePicture: taker((page, signal, part) =>
      part === undefined ? page.screenshot(signal) : page.pictures.lossless(part, signal),
    ),
    takeVideoFrame: taker((page, signal) => {
      if (!page.videoFrame) throw new Error("This browser takes no pictures for a video.");
      return page.videoFrame(signal);
    }),
  };
}

type Take = () => Promise<Uint8Array>;

/** The picture of each page that is being taken: what is hidden for one must not be shown again for another. */
const underWay = new WeakMap<Page, Promise<unknown>>();

async function withoutSecrets(
  page: Page,
  request: string,
  signal: AbortSignal,
  take: Take,
): Promise<Uint8Array> {
  const before = underWay.get(page);
  const picture = (async () => {
    // The outcome of the one before concerns only the caller that asked for it.
    await before?.catch(() => undefined);
    return await hidden(page, request, signal, take);
  })();
  underWay.set(page, picture);
  return await picture;
}

async function hidden(page: Page, request: string, signal: AbortSignal, take: Take): Promise<Uint8Array> {
  // An open dialog blocks the page, and with it what hides the secrets.
  if (page.openDialog)
    throw new Error("An open dialog keeps secrets from being hidden, so no picture is taken.");
  for (let number = 0; number < TRIES; number++) {
    const picture = await hiddenOnce(page, request, signal, take);
    if (picture) return picture;
  }
  throw new Error("Secrets kept coming up in the page, so no picture could be taken without them.");
}

/** @returns nothing when the page changed while the picture was taken */
async function hiddenOnce(
  page: Page,
  request: string,
  signal: AbortSignal,
  take: Take,
): Promise<Uint8Array | undefined> {
  try {
    const obstacle = await page.call(HIDE_SECRETS, request, signal);
    if (obstacle !== "") throw new Error(`No picture is taken: ${obstacle}.`);
    const picture = await take();
    return (await page.call(SHOW_SECRETS, request, signal)) === "" ? picture : undefined;
  } catch (error) {
    if (isDocumentReplaced(error)) return undefined;
    // The page goes on after a picture that could not be taken, and has to look as before then.
    await page.call(SHOW_SECRETS, request, signal).catch(() => undefined);
    throw error;
  }
}
