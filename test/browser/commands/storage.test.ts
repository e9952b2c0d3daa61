import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { browsing, shows } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** A page that shows what its document knows of cookies and storage, and what its server gave it. */
const PAGE = `<!doctype html><html lang="en"><title>Stores</title><p id="seen"></p><iframe sandbox srcdoc="x"></iframe>
<script>
  const show = () => {
    seen.textContent = ["cookies " + document.cookie, "theme " + localStorage.theme, "step " + sessionStorage.step].join("; ");
  };
  show();
  setTimeout(() => { localStorage.later = "came late"; document.cookie = "later=came-late"; }, 300);
  setInterval(show, 20);
</script>`;

describe.each(ROADS)("cookies and storage over %s", (road) => {
  const { run, pass, fail } = browsing(road);
  let site: TinySite;
  beforeAll(async () => {
    site = await startTinySite({
      "/": (_query, response) => {
        const cookies = ["session=s3ss10n; HttpOnly; SameSite=Strict", "plain=1; Path=/"];
        response.setHeader("set-cookie", cookies);
        return PAGE;
      },
      "/bare": () => PAGE,
    });
  });
  afterAll(async () => {
    await site.close();
  });
  const open = (path: string): Command => ({ action: "navigate", url: site.url + path });

  test("a cookie is set for the page that is open, checked with its attributes, kept and deleted", async () => {
    const { messages } = await pass(
      open("/bare"),
      { action: "set_cookie", name: "consent", value: "all", max_age: 3600, same_site: "lax" },
      { action: "verify_cookie", name: "consent", expected_value: "all", same_site: "lax" },
      { action: "verify_cookie", name: "consent", http_only: false, secure: false },
      shows("seen", "consent=all"),
      { action: "store_cookie", name: "consent", variable: "consent" },
      { action: "verify_variable", variable: "consent", expected_value: "all" },
      { action: "clear_cookies", name: "consent" },
      { action: "verify_cookie", name: "consent", not: true },
    );
    expect(messages[2]).toBe(
      `Verify that there is a cookie 'consent' whose value is "all", with SameSite=Lax`,
    );
  });

  test("cookies that no script sees are checked as well, and one that comes late is waited for", async () => {
    await pass(
      open("/"),
      { action: "verify_cookie", name: "session", http_only: true, same_site: "strict" },
      { action: "verify_cookie", name: "session", expected_value: "s3ss", match: "contains" },
      { action: "verify_cookie", name: "later", expected_value: "came-late" },
      { action: "clear_cookies" },
      { action: "verify_cookie", name: "session", not: true },
      { action: "verify_cookie", name: "plain", not: true },
    );
  });

  test("a message about a cookie says what was seen instead", async () => {
    const missing = await fail(open("/"), { action: "verify_cookie", name: "nobody", timeout: 0.2 });
    expect(missing).toMatch(/a cookie 'nobody'.*there is only '.*session/);
    const other = await fail(open("/"), {
      action: "verify_cookie",
      name: "session",
      expected_value: "other",
      timeout: 0.2,
    });
    expect(other).toContain('its value is "s3ss10n" (HttpOnly, SameSite=Strict)');
    const stays = await fail(open("/"), { action: "verify_cookie", name: "plain", not: true, timeout: 0.2 });
    expect(stays).toContain('its value is "1" (no attributes)');
  });

  test("a cookie is set for no host that may not be opened, and without a page only for a named host", async () => {
    const cookie: Command = { action: "set_cookie", name: "a", value: "b", domain: "elsewhere.example" };
    const refused = await run([open("/bare"), cookie], { allowedHosts: ["127.0.0.1"] });
    expect(refused.outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("add it to ALLOWED_HOSTS") as string,
    });
    const nowhere = await run([{ action: "new_window" }, { action: "set_cookie", name: "a", value: "b" }]);
    expect(nowhere.outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("name the 'domain'") as string,
    });
  });

  test.skipIf(isFirefox)(
    "a cookie for a host that is not open is there when it is opened (Firefox's driver cannot)",
    async () => {
      await pass(
        { action: "set_cookie", name: "ahead", value: "of-time", domain: "127.0.0.1" },
        open("/bare"),
        shows("seen", "ahead=of-time"),
        { action: "verify_cookie", name: "ahead", domain: "127.0.0.1" },
        { action: "clear_cookies", domain: "localhost" },
        { action: "verify_cookie", name: "ahead" },
        { action: "clear_cookies", domain: "127.0.0.1" },
        { action: "verify_cookie", name: "ahead", not: true },
      );
    },
  );

  test("a secret goes into the cookies of its own hosts only, and into no message", async () => {
    const variables = new RunVariables({
      env: {},
      secrets: { KEY: "s3cr3t-cookie" },
      secretHosts: { KEY: ["127.0.0.1"] },
    });
    const cookie = { action: "set_cookie", name: "key", value: "${secret.KEY}" } as const;
    const own = await run([open("/bare"), cookie, { action: "verify_cookie", name: "key" }], { variables });
    expect(own.outcome).toEqual({ verdict: "passed" });
    const other = await run([open("/bare"), { ...cookie, domain: "localhost" }], { variables });
    expect(other.outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("the secret 'KEY' may be used on 127.0.0.1 only") as string,
    });
    const seen = await run(
      [open("/bare"), cookie, { action: "verify_cookie", name: "key", expected_value: "x", timeout: 0.1 }],
      { variables },
    );
    expect(seen.outcome).toMatchObject({
      message: expect.stringContaining('its value is "***"') as string,
    });
  });

  test("storage is filled, checked, kept and emptied, for local and session storage", async () => {
    await pass(
      open("/bare"),
      { action: "set_storage", key: "theme", value: "dark" },
      { action: "set_storage", key: "step", value: "2", storage: "session" },
      shows("seen", "theme dark; step 2"),
      { action: "verify_storage", key: "theme", expected_value: "dark" },
      { action: "verify_storage", key: "theme", storage: "session", not: true },
      { action: "verify_storage", key: "step", expected_value: "\\d", match: "regex", storage: "session" },
      { action: "verify_storage", key: "later", expected_value: "came late" },
      { action: "store_storage", key: "step", storage: "session", variable: "step" },
      { action: "verify_variable", variable: "step", expected_value: "2" },
      { action: "clear_storage", key: "theme" },
      { action: "verify_storage", key: "theme", not: true },
      { action: "verify_storage", key: "step", storage: "session" },
      { action: "clear_storage" },
      { action: "verify_storage", key: "step", storage: "session", not: true },
    );
  });

  test("a message about storage says what was seen instead", async () => {
    const set: Command = { action: "set_storage", key: "theme", value: "dark" };
    const missing = await fail(open("/bare"), { action: "verify_storage", key: "nothing", timeout: 0.1 });
    expect(missing).toContain("it has no such key");
    const other = await fail(open("/bare"), set, {
      action: "verify_storage",
      key: "theme",
      expected_value: "light",
      timeout: 0.1,
    });
    expect(other).toContain('it is "dark"');
    const { outcome } = await run([
      open("/bare"),
      { action: "switch_frame", locator_type: "tag", locator_value: "iframe" },
      { action: "verify_storage", key: "theme", timeout: 1 },
    ]);
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("the local storage cannot be used: this document has none") as string,
    });
  });
});
