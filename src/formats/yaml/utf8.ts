import { isUtf8 } from "node:buffer";
import type { Fault } from "./document.js";

/** Reads bytes as UTF-8, or says at which place they are none. */
export function decodeUtf8(bytes: Buffer): { text: string } | { fault: Fault } {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return { fault: { line: 1, column: 1, message: "The file is UTF-16; save it as UTF-8." } };
  if (isUtf8(bytes)) return { text: bytes.toString("utf8") };
  return { fault: { ...firstBroken(bytes), message: "This is no UTF-8; save the file as UTF-8." } };
}

function firstBroken(bytes: Buffer): { line: number; column: number } {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf("\n", start);
    const content = bytes.subarray(start, end === -1 ? undefined : end);
    if (!isUtf8(content)) return { line, column: brokenColumn(content) };
    start = end + 1;
  }
}

/** The decoder puts U+FFFD for what it cannot read, which is also a character that may stand in a file. */
function brokenColumn(line: Buffer): number {
  const text = line.toString("utf8");
  let bytes = 0;
  for (let column = 0; column < text.length; column++) {
    const code = text.codePointAt(column) ?? 0;
    const written = Buffer.from(String.fromCodePoint(code));
    if (!line.subarray(bytes, bytes + written.length).equals(written)) return column + 1;
    bytes += written.length;
    if (code > 0xffff) column += 1;
  }
  return text.length + 1;
}
