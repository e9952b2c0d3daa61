import { PageError, type PageClipboard } from "../../runner/ports.js";

/**
 * A session is a browser of its own here, with a clipboard of its own where it is headless: keys copy and paste, but
 * the driver has no way to look at it.
 */
export class ClassicClipboard implements PageClipboard {
  read(): Promise<string> {
    return Promise.reject(unknown());
  }

  write(): Promise<void> {
    return Promise.reject(unknown());
  }
}

function unknown(): PageError {
  return new PageError(
    "protocol",
    "this way to the browser does not reach the clipboard; set BROWSER_PROTOCOL to cdp, or copy and paste with press_key",
  );
}
