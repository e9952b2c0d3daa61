import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DEMO_SITE_PORT } from "../src/demo/demo-case.js";
import { DemoError } from "./demo-error.js";
import {
  confirmationPage,
  dashboardPage,
  loginPage,
  newOrderPage,
  notFoundPage,
  ordersPage,
  type Order,
} from "./demo-pages.js";

/** The largest form the site reads, in bytes. */
const MAX_FORM_BYTES = 10_000;

/**
 * The port of the demo app: `DEMO_PORT`, or the one that the test case of a new database is about.
 *
 * @throws DemoError when that is no port
 */
export function demoSitePort(given = process.env["DEMO_PORT"]?.trim()): number {
  if (!given) return DEMO_SITE_PORT;
  const port = /^\d{1,5}$/.test(given) ? Number(given) : NaN;
  if (port <= 65_535) return port;
  throw new DemoError(
    `DEMO_PORT: must be a port from 0 to 65535, 0 for any that is free (given: "${given}")`,
  );
}

/** A running copy of Fieldbook, the small order book that the demo tests. */
export interface DemoSite {
  /** Such as `http://127.0.0.1:3000`, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/**
 * Starts Fieldbook on this machine only. Each login has an order book of its own, kept in memory, so that
 * tests side by side never see each other's orders.
 *
 * @param options.port 0 for any that is free
 * @throws DemoError when the port is taken
 */
export async function startDemoSite({ port }: { port: number }): Promise<DemoSite> {
  const books = new Map<string, Order[]>();
  const server = createServer((request, response) => {
    respond(request, response, books).catch(() => {
      response.destroy(); // The browser went away in the middle of its request.
    });
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE" || error.code === "EACCES";
      const remedy = "stop what uses it, or set DEMO_PORT (0 takes any that is free)";
      reject(isTaken ? new DemoError(`DEMO_PORT: ${port} is taken (${error.code}); ${remedy}`) : error);
    };
    server.once("error", refuse).listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo; // A listening TCP server has a port.
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** A page, or where to go instead. */
type Answer = { html: string; status?: number } | { location: string; cookie?: string };

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  books: Map<string, Order[]>,
): Promise<void> {
  const form = request.method === "POST" ? await readForm(request) : undefined;
  const answer = route(request, form, books);
  if ("html" in answer) {
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
    response.writeHead(answer.status ?? 200, headers).end(answer.html);
  } else {
    const { location, cookie } = answer;
    response.writeHead(303, { location, ...(cookie === undefined ? {} : { "set-cookie": cookie }) }).end();
  }
}

function route(
  request: IncomingMessage,
  form: URLSearchParams | undefined,
  books: Map<string, Order[]>,
): Answer {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://fieldbook.test");
  if (pathname === "/login") return form === undefined ? { html: loginPage() } : logIn(form, books);

  const session = /(?:^|; )fieldbook=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  const orders = books.get(session);
  if (orders === undefined) return { location: "/login" };

  switch (pathname) {
    case "/":
      return { location: "/dashboard" };
    case "/dashboard":
      return { html: dashboardPage(orders) };
    case "/orders":
      return { html: ordersPage(orders, searchParams.get("q") ?? "") };
    case "/orders/new":
      return { html: newOrderPage() };
    case "/orders/place":
      return placeOrder(form, orders);
    case "/logout":
      books.delete(session);
      return { location: "/login", cookie: "fieldbook=; Path=/; Max-Age=0" };
  }
  const placed = orders.find(({ number }) => pathname === `/orders/${number}`);
  return placed === undefined ? { html: notFoundPage(), status: 404 } : { html: confirmationPage(placed) };
}

function logIn(form: URLSearchParams, books: Map<string, Order[]>): Answer {
  if (form.get("username") !== "tomsmith" || form.get("password") !== "SuperSecretPassword!") {
    return { html: loginPage("Your username or password is wrong."), status: 401 };
  }
  const id = randomUUID();
  books.set(id, firstOrders());
  return { location: "/dashboard", cookie: `fieldbook=${id}; Path=/; HttpOnly; SameSite=Lax` };
}

function placeOrder(form: URLSearchParams | undefined, orders: Order[]): Answer {
  const order = form && readOrder(form, orders);
  if (order === undefined) return { html: newOrderPage("Please fill in every field."), status: 400 };
  orders.push(order);
  return { location: `/orders/${order.number}` };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer); // No encoding is set, so chunks are buffers.
    size += chunks.at(-1)?.length ?? 0;
    if (size > MAX_FORM_BYTES) throw new Error("The form is too large");
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** The order a form describes; nothing when a field is missing. */
function readOrder(form: URLSearchParams, orders: Order[]): Order | undefined {
  const customer = form.get("customer")?.trim() ?? "";
  const quantity = Number(form.get("quantity"));
  const size = form.get("size") ?? "";
  if (customer === "" || !Number.isInteger(quantity) || quantity < 1 || size === "") return undefined;
  return { number: (orders.at(-1)?.number ?? 1000) + 1, customer, quantity, size };
}

function firstOrders(): Order[] {
  return [
    { number: 998, customer: "Hill Farm", quantity: 12, size: "Small" },
    { number: 999, customer: "Lakeside Nursery", quantity: 4, size: "Large" },
    { number: 1000, customer: "Green & Sons", quantity: 25, size: "Medium" },
  ];
}
