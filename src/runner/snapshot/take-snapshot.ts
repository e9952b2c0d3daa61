import { callPage, unlessDialog } from "../ask-page.js";
import type { PartFrame, PartRequest, PartSnapshot } from "../page/snapshot-requests.js";
import {
  isGone,
  PageError,
  type Page,
  type PageSnapshot,
  type SeenFrame,
  type SeenNode,
  type SnapshotOptions,
  type TakeSnapshot,
} from "../ports.js";
import { FRAME_OF_LOOK, LOOK_AROUND } from "../snapshot-script.generated.js";
import { withoutSecrets } from "./without-secrets.js";

/** Most nodes unless options say otherwise. */
const MAX_NODES = 2_000;
/** Most frames that are looked into, however deep they are. */
const MAX_FRAMES = 30;

export const takeSnapshot: TakeSnapshot = async (page, options) => {
  const look = new Look(page, options);
  const { url, title, nodes } = await look.around(undefined);
  return withoutSecrets({ url, title, nodes, frames: look.frames, leftOut: look.leftOut }, options.mask);
};

class Look {
  readonly #page: Page;
  readonly #signal: AbortSignal;
  /** Room that is left. */
  #nodes: number;
  readonly frames: SeenFrame[] = [];
  leftOut = 0;

  constructor(page: Page, { signal, maxNodes = MAX_NODES }: SnapshotOptions) {
    this.#page = page;
    this.#signal = signal;
    this.#nodes = maxNodes;
  }

  /** Looks at the current frame's document and at those in it. @param frame its number; none for the outermost one */
  async around(frame: number | undefined): Promise<Pick<PageSnapshot, "url" | "title" | "nodes">> {
    const request: PartRequest = { maxNodes: this.#nodes };
    const answer = await callPage(this.#page, LOOK_AROUND, JSON.stringify(request), this.#signal);
    // Written by our own function, in a world that the application cannot reach unless it is exposed.
    const { url, title, nodes, frames, leftOut } = JSON.parse(answer) as PartSnapshot;
    this.#nodes -= nodes.length;
    this.leftOut += leftOut;
    const own = frame === undefined ? nodes : nodes.map((node) => inFrame(node, frame));
    return { url, title, nodes: await this.#withFrames(own, frames, frame) };
  }

  /** Puts what is in the frames where they stand. */
  async #withFrames(
    nodes: SeenNode[],
    frames: readonly PartFrame[],
    parent: number | undefined,
  ): Promise<SeenNode[]> {
    const all: SeenNode[] = [];
    let done = 0;
    for (const [index, { locators, at }] of frames.entries()) {
      all.push(...nodes.slice(done, at));
      done = at;
      all.push(...(await this.#frame(index, { locators, ...(parent !== undefined && { parent }) })));
    }
    return [...all, ...nodes.slice(done)];
  }

  async #frame(index: number, frame: SeenFrame): Promise<readonly SeenNode[]> {
    if (this.frames.length === MAX_FRAMES || !(await this.#enter(index))) {
      this.leftOut += 1;
      return [];
    }
    const number = this.frames.push(frame) - 1;
    try {
      return (await this.around(number)).nodes;
    } catch (error) {
      // A frame that goes while it is looked at leaves nothing to tell of.
      if (!isGone(error)) throw error;
      this.leftOut += 1;
      return [];
    } finally {
      await this.#page.leaveFrame("parent", this.#signal);
    }
  }

  /** @returns false for a frame that the browser lets nobody into, or that is gone */
  async #enter(index: number): Promise<boolean> {
    try {
      await unlessDialog(
        this.#page,
        async (until) => {
          const frame = await this.#page.element(`() => (${FRAME_OF_LOOK})(${index})`, until);
          await this.#page.enterFrame(frame, until);
        },
        this.#signal,
      );
      return true;
    } catch (error) {
      if (error instanceof PageError && error.kind !== "document-replaced") return false;
      throw error;
    }
  }
}

/** Refs of documents begin anew in each. */
function inFrame(node: SeenNode, frame: number): SeenNode {
  const named = (ref: string) => `f${frame + 1}${ref}`;
  const parent = node.parent === undefined ? {} : { parent: named(node.parent) };
  return { ...node, ref: named(node.ref), ...parent, frame };
}
