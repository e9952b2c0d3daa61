import { find } from "../find.js";
import { describeLocator, locatorOf } from "../locator.js";
import type { Executor } from "../executor.js";

export const input: Executor<"input"> = {
  describe: (command) => `Type into ${describeLocator(command)}`,
  expectation: () => "a field that takes text",
  async execute(command, { page, signal, timeoutMs }) {
    const { text } = command;
    const request = { locator: locatorOf(command), until: "editable", expected: text, timeoutMs } as const;
    const { field } = await find(page, request, signal);
    if (field === "set") return;
    if (text !== "") await page.type(text, signal);
    else if (field === "selected") await page.press("Delete", signal);
  },
};
