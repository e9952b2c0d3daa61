import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openExchange, type Route } from "./exchange.js";
import { page } from "./page.js";
import { actionabilityPages } from "./pages/actionability.js";
import { applicationPages } from "./pages/applications.js";
import { commandPages } from "./pages/commands.js";
import { dialogPages } from "./pages/dialogs.js";
import { downloadPages } from "./pages/downloads.js";
import { faultPages } from "./pages/faults.js";
import { formPages } from "./pages/form.js";
import { framePages } from "./pages/frames.js";
import { hostilePages } from "./pages/hostile.js";
import { keyboardPages } from "./pages/keyboard.js";
import { locatorPages } from "./pages/locators.js";
import { loginPages } from "./pages/login.js";
import { filePages } from "./pages/commands-files.js";
import { modifierPages } from "./pages/commands-modifiers.js";
import { reachingPages } from "./pages/reaching.js";
import { shadowPages } from "./pages/shadow.js";
import { shopPages } from "./pages/shop.js";
import { sightPages } from "./pages/sight.js";
import { slowPages } from "./pages/slow.js";
import { textPages } from "./pages/text.js";
import { troublePages } from "./pages/trouble.js";
import { waitingPages } from "./pages/waiting.js";
import { widgetPages } from "./pages/widgets.js";
import { windowPages } from "./pages/windows.js";

/** A running copy of the test site. */
export interface Site {
  /** Such as `http://127.0.0.1:41234`, without a slash at the end. */
  url: string;
  /** Every request so far, such as `GET /login`, in order. */
  requests: string[];
  /** Stops listening and drops open connections, those of hanging browsers too. */
  close(): Promise<void>;
}

/**
 * Starts the pages that browser tests run against, on a free port of this machine only. Each call is a site
 * of its own, with its own login sessions.
 */
export async function startSite(): Promise<Site> {
  const routes = joined([
    loginPages(),
    waitingPages(),
    slowPages(),
    formPages(),
    keyboardPages(),
    textPages(),
    shopPages(),
    troublePages(),
    faultPages(),
    locatorPages(),
    shadowPages(),
    sightPages(),
    actionabilityPages(),
    commandPages(),
    windowPages(),
    framePages(),
    hostilePages(),
    dialogPages(),
    downloadPages(),
    reachingPages(),
    widgetPages(),
    modifierPages(),
    filePages(),
    applicationPages(),
  ]);
  routes["/"] = ({ html }) => {
    html(indexPage(Object.keys(routes)));
  };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    openExchange(request, response).then(
      (exchange) => {
        requests.push(`${exchange.method} ${exchange.url.pathname}`);
        const route = Object.hasOwn(routes, exchange.url.pathname)
          ? routes[exchange.url.pathname]
          : undefined;
        if (route === undefined) exchange.send(404, "text/plain", "Not found");
        else route(exchange);
      },
      () => {
        response.destroy(); // The client went away in the middle of its request.
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo; // A listening TCP server has a port.
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** @throws Error when two of the groups have a page at the same path: one of them would never be seen */
function joined(groups: Record<string, Route>[]): Record<string, Route> {
  const entries = groups.flatMap((group) => Object.entries(group));
  const paths = entries.map(([path]) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new Error(`two pages of the test site have the path ${twice}`);
  return Object.fromEntries(entries);
}

function indexPage(paths: string[]): string {
  const links = paths.map((path) => `<li><a href="${path}">${path}</a></li>`).join("");
  return page({ title: "Test site", plain: true, body: `<ul>${links}</ul>` });
}
