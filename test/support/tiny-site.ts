import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A page of a {@link TinySite}: its HTML, or something that answers by itself. */
export type TinyPage = (query: URLSearchParams, response: ServerResponse) => string | undefined;

export interface TinySite {
  /** Such as `http://127.0.0.1:41234`. */
  url: string;
  /** The same site under another origin. */
  otherUrl: string;
  close(): Promise<void>;
}

/** Pages that one test needs and no other. What is not among them is answered with 404. */
export async function startTinySite(pages: Record<string, TinyPage>): Promise<TinySite> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://site");
    const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined;
    if (page === undefined) {
      // Some browsers ask for an icon by themselves; that is no request of the page that failed.
      response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
      return;
    }
    const html = page(searchParams, response);
    if (html !== undefined) response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    otherUrl: `http://localhost:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
