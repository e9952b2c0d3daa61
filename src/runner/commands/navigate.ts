import { refuseForbiddenUrl } from "../../hosts/allowed-hosts.js";
import { wholeUrl } from "../base-url.js";
import type { Executor } from "../executor.js";

export const navigate: Executor<"navigate"> = {
  acts: true,
  leavesFrames: true,
  describe: ({ url }) => `Open ${url}`,
  expectation: ({ url }) => `${url} to open`,
  leavesPage: true,
  async execute({ url: written }, { page, signal, allowedHosts, baseUrl }) {
    const url = wholeUrl(written, baseUrl);
    refuseForbiddenUrl(url, allowedHosts);
    await page.navigate(url, signal);
  },
};
