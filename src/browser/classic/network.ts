import { PageError, type PageNetwork } from "../../runner/ports.js";

/** Requests, which classic WebDriver has no means to stop. */
export class ClassicNetwork implements PageNetwork {
  addRule(): Promise<void> {
    return Promise.reject(impossible("answering or blocking requests"));
  }

  clearRules(): Promise<void> {
    return Promise.resolve();
  }

  setLogin(): Promise<void> {
    return Promise.reject(impossible("an HTTP login"));
  }
}

function impossible(what: string): PageError {
  return new PageError(
    "protocol",
    `this way to the browser has no means for ${what}; use Chromium or Edge with BROWSER_PROTOCOL=cdp`,
  );
}
