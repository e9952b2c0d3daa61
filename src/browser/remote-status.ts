/** What a Selenium server, or a driver, answers: https://www.w3.org/TR/webdriver2/#status */
type Status = { value?: { ready?: boolean; message?: string } | null } | null;

/**
 * Asks the Selenium server at `SELENIUM_REMOTE_URL` whether it can give a browser.
 *
 * @throws Error that says what to look at when it cannot; the signal's reason
 */
export async function checkRemote(server: string, signal: AbortSignal): Promise<void> {
  const { href, host, authorization } = partsOf(server);
  let status: Status;
  try {
    const response = await fetch(href, { signal, headers: authorization ? { authorization } : {} });
    status = (await response.json()) as Status;
  } catch (cause) {
    signal.throwIfAborted();
    const remedy = "Start it, or correct the address.";
    throw new Error(`The Selenium server at SELENIUM_REMOTE_URL (${host}) does not answer. ${remedy}`, {
      cause,
    });
  }
  if (status?.value?.ready === true) return;
  const why = status?.value?.message ?? "it tells no status";
  throw new Error(`The Selenium server at SELENIUM_REMOTE_URL (${host}) is not ready: ${why}`);
}

/** The address of the status, and what goes into a header because `fetch` takes no credentials in an address. */
function partsOf(server: string): { href: string; host: string; authorization: string | undefined } {
  const url = new URL(server);
  const { username, password, host } = url;
  url.pathname = `${url.pathname.replace(/\/$/, "")}/status`;
  url.username = url.password = "";
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = username === "" ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
  return { href: url.href, host, authorization };
}
