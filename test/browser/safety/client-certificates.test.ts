import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readClientCertificates } from "../../../src/hosts/client-certificates.js";
import type { Command } from "../../../src/protocol/commands.js";
import { shows } from "../../support/browsing.js";
import { CLIENT_CERTIFICATE, PASSPHRASE, writeCertificates } from "../../support/client-certificate.js";
import { realPool, ROADS } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { startSelfSignedSite } from "../../support/self-signed.js";

describe.each(ROADS)("a site that asks for a client certificate over %s", (road) => {
  let site: Awaited<ReturnType<typeof startSelfSignedSite>>;
  let folder: Awaited<ReturnType<typeof scratchFolder>>;
  beforeAll(async () => {
    folder = await scratchFolder();
    site = await startSelfSignedSite((path, client) => {
      if (path === "/data") return client ?? "nobody";
      return `<!doctype html><p id="page">Hello ${client ?? "nobody"}</p><p id="data"></p>
<script>fetch("/data").then((answer) => answer.text()).then((text) => { data.textContent = text; })</script>`;
    }, CLIENT_CERTIFICATE);
  });
  afterAll(async () => {
    await site.close();
    await folder.remove();
  });

  /** Opens the site by its address, for which there is a certificate, and then by its name, for which there is none. */
  async function open(ignoreCertificateErrors: boolean) {
    const { host } = new URL(site.url);
    const list = await writeCertificates(folder.path, [
      { hosts: [host], pfx: "me.pfx", passphrase_secret: "ME" },
    ]);
    const certificates = readClientCertificates(list, { ME: PASSPHRASE });
    const tls = { certificates, ignoreCertificateErrors };
    const { pool } = realPool({ size: 1, road, ignoreCertificateErrors, network: { tls } });
    try {
      const session = await pool.acquire(AbortSignal.timeout(30_000));
      const script: Command[] = [
        { action: "navigate", url: `${site.url}/` },
        shows("page", "Hello tester"),
        shows("data", "tester"),
        { action: "navigate", url: `${site.otherUrl}/` },
      ];
      const { outcome } = await runCommands(session.page, script);
      await session.close();
      return outcome;
    } finally {
      await pool.close();
    }
  }

  test("is shown it, and no other host is", async () => {
    expect(await open(true)).toMatchObject({
      verdict: "error",
      command: 4,
      message: expect.stringMatching(/ERR_BAD_SSL_CLIENT_AUTH_CERT.*CLIENT_CERTIFICATES/),
    });
  });

  test("is not, where its own certificate is not valid, and the message says so", async () => {
    expect(await open(false)).toMatchObject({
      verdict: "error",
      command: 1,
      message: expect.stringMatching(/TLS with 127\.0\.0\.1 failed: self-signed certificate/),
    });
  });
});
