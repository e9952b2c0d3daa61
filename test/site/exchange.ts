import type { IncomingMessage, ServerResponse } from "node:http";

/** One request to the test site and the ways to answer it. */
export interface Exchange {
  method: string;
  url: URL;
  /** The fields of a posted form; empty for any other request. */
  form: URLSearchParams;
  cookie(name: string): string | undefined;
  /** `?delay=` in milliseconds, or the page's own default. */
  delay(defaultMs: number): number;
  html(body: string): void;
  redirect(location: string, cookie?: string): void;
  send(status: number, contentType: string, body: string | Buffer): void;
  /** Sends the headers now and leaves the body to a later `response.end`. */
  sendHeaders(contentType: string): void;
  /** Runs `task` after `ms`, unless the client has gone by then. */
  later(ms: number, task: () => void): void;
  response: ServerResponse;
}

export type Route = (exchange: Exchange) => void;

/** Reads a request whole and wraps it. */
export async function openExchange(request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const url = new URL(request.url ?? "/", "http://site.test");
  const body: Buffer[] = [];
  for await (const chunk of request) body.push(chunk as Buffer); // No encoding is set, so chunks are buffers.
  const posted = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const send = (status: number, contentType: string, content: string | Buffer): void => {
    response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" }).end(content);
  };
  return {
    method: request.method ?? "GET",
    url,
    form: new URLSearchParams(posted === true ? Buffer.concat(body).toString() : ""),
    cookie: (name) => readCookie(request.headers.cookie ?? "", name),
    delay: (defaultMs) => Number(url.searchParams.get("delay") ?? defaultMs),
    html: (content) => {
      send(200, "text/html; charset=utf-8", content);
    },
    redirect: (location, cookie) => {
      response.writeHead(303, { location, ...(cookie === undefined ? {} : { "set-cookie": cookie }) }).end();
    },
    send,
    sendHeaders: (contentType) => {
      response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).flushHeaders();
    },
    later: (ms, task) => {
      const cancel = () => {
        clearTimeout(timer);
      };
      const timer = setTimeout(() => {
        // An answer without an end asks for the next task from within each; listeners would pile up.
        response.off("close", cancel);
        task();
      }, ms);
      response.once("close", cancel);
    },
    response,
  };
}

function readCookie(header: string, name: string): string | undefined {
  const pair = header.split(/;\s*/).find((entry) => entry.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
