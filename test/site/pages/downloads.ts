import type { Route } from "../exchange.js";
import { page } from "../page.js";

/** Files that a browser saves rather than shows. */
export function downloadPages(): Record<string, Route> {
  return {
    "/downloads": ({ html }) => {
      html(DOWNLOADS_PAGE);
    },
    /** `?name=`, `?bytes=`; with `broken`, the connection ends after half of it. */
    "/downloads/file": ({ url, response, later }) => {
      const bytes = Number(url.searchParams.get("bytes") ?? 1000);
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename="${url.searchParams.get("name") ?? "file.bin"}"`,
        "content-length": bytes,
      });
      const half = Math.floor(bytes / 2);
      response.write("a".repeat(half));
      later(100, () => {
        if (url.searchParams.has("broken")) response.destroy();
        else response.end("b".repeat(bytes - half));
      });
    },
  };
}

const DOWNLOADS_PAGE = page({
  title: "Downloads",
  plain: true,
  body: `<a id="file" href="/downloads/file?name=report.txt">A file</a>
<a id="broken" href="/downloads/file?name=broken.txt&bytes=200000&broken">A broken file</a>
<input id="one" type="file"><input id="many" type="file" multiple><pre id="chosen"></pre>`,
  script: `for (const field of document.querySelectorAll("[type=file]")) field.addEventListener("change", async () => {
  const texts = await Promise.all(Array.from(field.files, async (file) => file.name + ": " + await file.text()));
  document.querySelector("#chosen").textContent = texts.join("\\n");
});`,
});
