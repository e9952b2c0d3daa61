import { isHostAllowed } from "../allowed-hosts.js";
import type { Executor } from "../executor.js";

export const navigate: Executor<"navigate"> = {
  describe: ({ url }) => `Open ${url}`,
  expectation: ({ url }) => `${url} to open`,
  async execute({ url }, { page, signal, allowedHosts }) {
    const { hostname } = new URL(url);
    if (!isHostAllowed(hostname, allowedHosts)) {
      throw new Error(`the host '${hostname}' is not allowed here; add it to ALLOWED_HOSTS to test it`);
    }
    await page.navigate(url, signal);
  },
};
