import type { WriteStream } from "node:tty";

type Style = (text: string) => string;

export interface Paint {
  red: Style;
  green: Style;
  yellow: Style;
  soft: Style;
}

/** Colours where the stream has some. Node knows of `NO_COLOR` and `FORCE_COLOR`: https://no-color.org */
export function createPaint(stream: Partial<Pick<WriteStream, "hasColors">>): Paint {
  const hasColors = stream.hasColors?.() ?? false;
  const style =
    (begin: number, end: number): Style =>
    (text) =>
      hasColors && text !== "" ? `\u001b[${begin}m${text}\u001b[${end}m` : text;
  return { red: style(31, 39), green: style(32, 39), yellow: style(33, 39), soft: style(2, 22) };
}
