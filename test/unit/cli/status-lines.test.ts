import { expect, test } from "vitest";
import { StatusLines } from "../../../src/cli/run/status-lines.js";

/** The output to a terminal of so many columns. */
function terminal(columns: number) {
  const written: string[] = [];
  const stream = { isTTY: true, columns, write: (text: string) => written.push(text) > 0 };
  return { stream, written };
}

test("lines that change are never wrapped, so that as many are erased as were drawn", async () => {
  const { stream, written } = terminal(20);
  const status = new StatusLines(stream);
  const wide = "日本語のテスト名前がとても長い";
  status.show(["a line of more than twenty characters", wide]);
  await expect.poll(() => written).toHaveLength(1);
  expect(written).toEqual([`\u001b[?7la line of more tha…\n${wide}\n\u001b[?7h`]);
  status.print("stays");
  expect(written[1]).toBe("\u001b[2A\u001b[0J");
  expect(written[2]).toBe("stays\n");
  status.show([]);
  expect(written.at(-1)).toBe("\u001b[2A\u001b[0J");
});

test("nowhere but on a terminal is there anything that changes", () => {
  const { stream, written } = terminal(80);
  const status = new StatusLines({ ...stream, isTTY: false });
  status.show(["runs"]);
  status.print("stays");
  status.show([]);
  expect(written).toEqual(["stays\n"]);
});
