import type { Executor } from "../executor.js";

export const screenshot: Executor<"screenshot"> = {
  acts: false,
  describe: ({ name }) => (name === undefined ? "Take a screenshot" : `Take the screenshot '${name}'`),
  expectation: () => "a picture of the page",
  async execute({ name }, { signal, takePicture, keep }) {
    keep({ kind: "screenshot", name, bytes: await takePicture(signal) });
  },
};
