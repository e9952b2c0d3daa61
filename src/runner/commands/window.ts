import { refuseForbiddenUrl } from "../../hosts/allowed-hosts.js";
import { wholeUrl } from "../base-url.js";
import type { Executor } from "../executor.js";

export const set_window_size: Executor<"set_window_size"> = {
  acts: true,
  describe: ({ width, height }) => `Make the window ${width} × ${height}`,
  expectation: ({ width, height }) => `a window of ${width} × ${height}`,
  execute: ({ width, height }, { page, signal }) => page.resize({ width, height }, signal),
};

export const new_window: Executor<"new_window"> = {
  acts: true,
  leavesFrames: true,
  describe: ({ url }) => (url === undefined ? "Open a window" : `Open ${url} in a new window`),
  expectation: ({ url }) => (url === undefined ? "a new window" : `${url} to open in a new window`),
  async execute({ url: written }, { page, signal, allowedHosts, baseUrl }) {
    const url = written === undefined ? undefined : wholeUrl(written, baseUrl);
    if (url !== undefined) refuseForbiddenUrl(url, allowedHosts);
    await page.openWindow(signal);
    if (url !== undefined) await page.navigate(url, signal);
  },
};

export const close_window: Executor<"close_window"> = {
  acts: true,
  leavesFrames: true,
  describe: () => "Close the window",
  expectation: () => "a window to close beside the one to go on in",
  leavesPage: true,
  async execute(_command, { page, signal }) {
    if ((await page.windows(signal)).length < 2) throw new Error("it is the only window of the run");
    await page.closeWindow(signal);
  },
};
