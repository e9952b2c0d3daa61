import type { Exchange, Route } from "../exchange.js";
import { page } from "../page.js";

const MEGABYTE = 1024 * 1024;

/** Size of the page that is too big to be pleasant, in bytes. */
const HUGE_PAGE_BYTES = 50 * MEGABYTE;

/** Answers that never come to an end, or are far too big. */
export function faultPages(): Record<string, Route> {
  return {
    "/redirect-loop": ({ redirect, url }) => {
      redirect(`/redirect-loop?n=${Number(url.searchParams.get("n") ?? 0) + 1}`);
    },
    "/endless-page": endlessPage,
    "/endless-download": ({ html }) => {
      html(ENDLESS_DOWNLOAD_PAGE);
    },
    "/endless-download/file": endlessFile,
    "/huge": hugePage,
    "/memory": ({ html }) => {
      html(MEMORY_PAGE);
    },
  };
}

const ENDLESS_DOWNLOAD_PAGE = page({
  title: "Endless download",
  body: `<a id="download" href="/endless-download/file" download>Download for ever</a>`,
  script: `document.querySelector("#download").addEventListener("click", click);`,
});

/** Holds more memory than any ordinary page. */
const MEMORY_PAGE = page({
  title: "Memory",
  body: `<p id="state">Empty</p>`,
  script: `globalThis.held = new Uint8Array(${200 * MEGABYTE}).fill(1);
document.querySelector("#state").textContent = "Full";`,
});

/** The headers and the beginning of a document that is never finished. */
function endlessPage({ sendHeaders, response }: Exchange): void {
  sendHeaders("text/html; charset=utf-8");
  response.write(`<!doctype html><title>Endless page</title><p id="beginning">The beginning</p>`);
}

function endlessFile({ response, later }: Exchange): void {
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="endless.bin"`,
  });
  const more = () => {
    response.write(Buffer.alloc(1024));
    later(100, more);
  };
  more();
}

/** A table of so many rows that the document is 50 MB, written as fast as the browser takes it. */
function hugePage({ sendHeaders, response }: Exchange): void {
  sendHeaders("text/html; charset=utf-8");
  const row = `<tr><td>${"x".repeat(1000)}</td></tr>`;
  const rows = row.repeat(Math.ceil(MEGABYTE / row.length));
  let sent = 0;
  const more = () => {
    while (sent < HUGE_PAGE_BYTES) {
      sent += rows.length;
      if (response.write(rows)) continue;
      response.once("drain", more);
      return;
    }
    response.end(`</table><p id="end">The end</p>`);
  };
  response.write(`<!doctype html><title>Huge page</title><p id="beginning">The beginning</p><table>`);
  more();
}
