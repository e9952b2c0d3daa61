import type { Executor } from "../executor.js";

export const screenshot: Executor<"screenshot"> = {
  describe: ({ name }) => (name === undefined ? "Take a screenshot" : `Take the screenshot '${name}'`),
  expectation: () => "a picture of the page",
  async execute({ name }, { page, signal, keep }) {
    keep({ kind: "screenshot", name, bytes: await page.screenshot(signal) });
  },
};
