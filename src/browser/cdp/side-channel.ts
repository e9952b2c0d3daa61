import { randomUUID } from "node:crypto";
import { firstOf } from "../../async/first-of.js";
import { PageError } from "../../runner/ports.js";
import type { CdpSession } from "./connection.js";
import type { CdpFrame, World } from "./frame.js";

/** Most characters of a part of a call: Chromium drops a drag whose type is much longer. */
const PART = 20_000;

/** The function that a document calls, in the runner's world, to answer. */
export const SIDE_CHANNEL_BINDING = "tellSideChannel";

/**
 * Calls functions in a document that is about to be left. While a navigation waits for its answer, Chromium holds back
 * every command for the document that is there but those about input: so a call goes there as the type of what is
 * dragged over it, which nobody but the listener in the runner's own world ever hears of, and the answer comes by a
 * binding.
 */
export class CdpSideChannel {
  readonly #session: CdpSession;
  /** A page must not know it: whoever drags something of this type is called. */
  readonly #type = `stepwire/${randomUUID()}`;
  readonly #waiting = new Map<number, (answer: { value?: string; error?: string }) => void>();
  #calls = 0;

  constructor(session: CdpSession) {
    this.#session = session;
  }

  /** A script for every document of the window. */
  get script(): string {
    return `(${LISTEN})(${JSON.stringify(this.#type)});`;
  }

  answered(payload: string): void {
    // Written by our own script in its own world.
    const { id, ...answer } = JSON.parse(payload) as { id: number; value?: string; error?: string };
    this.#waiting.get(id)?.(answer);
  }

  /** @throws PageError `document-replaced` once the frame has another document */
  async call(
    { frame, world }: { frame: CdpFrame; world: World },
    functionDeclaration: string,
    argument: string,
    signal: AbortSignal,
  ): Promise<string> {
    const id = ++this.#calls;
    const answer = new Promise<string>((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error === undefined) resolve(value ?? "");
        else reject(new PageError("protocol", `the page script failed: ${error}`));
      });
    });
    answer.catch(() => undefined);
    try {
      return await firstOf(
        signal,
        async (until) => {
          await this.#send(id, JSON.stringify([functionDeclaration, argument]), until);
          return await answer;
        },
        async (until) => {
          while (frame.world === world) await frame.changed(until);
          throw new PageError("document-replaced", "the document was replaced");
        },
      );
    } finally {
      this.#waiting.delete(id);
    }
  }

  async #send(id: number, text: string, signal: AbortSignal): Promise<void> {
    // Types come in lower case, so letters cannot be told apart; everything else is escaped first.
    const plain = text.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const hex = Buffer.from(plain, "latin1").toString("hex");
    const parts = hex.match(new RegExp(`.{1,${PART}}`, "g")) ?? [];
    for (const [index, part] of parts.entries()) {
      const mimeType = `${this.#type}.${id}.${index}.${parts.length}.${part}`;
      const data = { items: [{ mimeType, data: "1" }], dragOperationsMask: 1 };
      for (const type of ["dragEnter", "drop"] as const)
        await this.#session.send("Input.dispatchDragEvent", { type, x: 1, y: 1, data }, signal);
    }
  }
}

const LISTEN = `(prefix) => {
  const calls = new Map();
  const answer = (id, rest) => ${SIDE_CHANNEL_BINDING}(JSON.stringify({ id, ...rest }));
  const hear = (event) => {
    if (!event.isTrusted || event.dataTransfer === null) return;
    const type = [...event.dataTransfer.types].find((each) => each.startsWith(prefix));
    if (type === undefined) return;
    event.stopImmediatePropagation();
    if (event.type !== "dragenter") return;
    const [, number, index, count, hex] = type.slice(prefix.length).split(".");
    const id = Number(number);
    const parts = calls.get(id) ?? [];
    if (parts[index] !== undefined) return;
    parts[index] = hex;
    calls.set(id, parts);
    if (Object.keys(parts).length < Number(count)) return;
    const units = parts.join("").match(/../g) ?? [];
    const text = units.map((unit) => String.fromCharCode(parseInt(unit, 16))).join("");
    const [declaration, argument] = JSON.parse(text);
    new Promise((resolve) => resolve((0, eval)("(" + declaration + ")")(argument))).then(
      (value) => answer(id, { value: String(value) }),
      (error) => answer(id, { error: String(error) }),
    );
  };
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) addEventListener(name, hear, true);
}`;
