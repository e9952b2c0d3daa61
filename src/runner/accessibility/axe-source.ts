import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

let source: Promise<string> | undefined;

/**
 * A function for {@link Page.call} that puts axe-core into a document. An application's own `axe`, and its module
 * loader, stay as they are. The file is read when it is first needed.
 */
export async function installAxe(): Promise<string> {
  source ??= readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  return `() => {
    const before = Object.getOwnPropertyDescriptor(globalThis, "axe");
    (function (define, module, exports) { ${await source}
    }).call(globalThis);
    const { axe } = globalThis;
    delete globalThis.axe;
    if (before) Object.defineProperty(globalThis, "axe", before);
    Object.defineProperty(globalThis, "stepwireAxe", { value: { axe, frames: [] }, configurable: true });
    return "";
  }`;
}
