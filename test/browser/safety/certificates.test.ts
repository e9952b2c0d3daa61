import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { by, shows } from "../../support/browsing.js";
import { realPool, ROADS } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { startSelfSignedSite } from "../../support/self-signed.js";

describe.each(ROADS)("pages with a certificate of their own making over %s", (road) => {
  let site: Awaited<ReturnType<typeof startSelfSignedSite>>;
  beforeAll(async () => {
    site = await startSelfSignedSite((path) =>
      path === "/"
        ? `<!doctype html><p id="came"></p><iframe src="${site.otherUrl}/inner"></iframe>
<script>fetch("/data").then((answer) => answer.text()).then((text) => { came.textContent = text; })</script>`
        : `<p id="inner">inside</p>`,
    );
  });
  afterAll(async () => {
    await site.close();
  });
  const open = (): Command => ({ action: "navigate", url: `${site.url}/` });

  test.for([
    { ignoreCertificateErrors: true, verdict: "passed" },
    { ignoreCertificateErrors: false, verdict: "error" },
  ])("opened with IGNORE_CERTIFICATE_ERRORS=$ignoreCertificateErrors: $verdict", async (given) => {
    const { pool } = realPool({ size: 1, road, ignoreCertificateErrors: given.ignoreCertificateErrors });
    try {
      const session = await pool.acquire(AbortSignal.timeout(30_000));
      const { outcome } = await runCommands(session.page, [
        open(),
        shows("came", "inside"),
        { action: "switch_frame", ...by("tag", "iframe") },
        shows("inner", "inside"),
      ]);
      await session.close();
      expect(outcome, JSON.stringify(outcome)).toMatchObject({ verdict: given.verdict });
      if (outcome.verdict !== "passed")
        expect(outcome.message).toContain("IGNORE_CERTIFICATE_ERRORS=true open it all the same");
    } finally {
      await pool.close();
    }
  });
});
