/** The answer of a Selenium server, or of a driver: https://www.w3.org/TR/webdriver2/#status */
type Status = { value?: { ready?: boolean; message?: string } | null } | null;

/**
 * Asks the Selenium server at `SELENIUM_REMOTE_URL` whether it can give a browser.
 *
 * @throws Error that says what to look at when it cannot; the signal's reason
 */
export async function checkRemote(server: string, signal: AbortSignal): Promise<void> {
  const { href, headers } = partsOf(server, "status");
  let status: Status;
  try {
    const response = await fetch(href, { signal, headers });
    status = (await response.json()) as Status;
  } catch (cause) {
    signal.throwIfAborted();
    throw new Error(`${nameOfRemote(server)} does not answer. Start it, or correct the address.`, { cause });
  }
  if (status?.value?.ready === true) return;
  const why = status?.value?.message ?? "it tells no status";
  throw new Error(`${nameOfRemote(server)} is not ready: ${why}`);
}

/** A Selenium server as messages call it, without the credentials of its address. */
export function nameOfRemote(server: string): string {
  return `The Selenium server at SELENIUM_REMOTE_URL (${new URL(server).host})`;
}

/** The address of a path of a Selenium server, and the header with the credentials, which `fetch` takes in no address. */
export function partsOf(server: string, path: string): { href: string; headers: Record<string, string> } {
  const url = new URL(server);
  const { username, password } = url;
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${path}`;
  url.username = url.password = "";
  if (username === "") return { href: url.href, headers: {} };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    href: url.href,
    headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
  };
}
