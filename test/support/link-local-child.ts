import { createSocket } from "node:dgram";
import { createServer } from "node:http";
import { startSite } from "../site/server.js";
import { REACH_FROM_PAGE } from "./reaching.js";
import { realPool, type Road } from "./real-browser.js";
import { runCommands } from "./script-context.js";

// Runs in a network of its own, in which this machine has the addresses of services that hand out credentials: tries
// to reach them from a page and by scripts, and tells what was answered and what they heard.
const [, , road = "cdp", addresses = "", names = ""] = process.argv;
const heard: string[] = [];
for (const address of addresses.split(",")) {
  const family = address.includes(":") ? "udp6" : "udp4";
  createServer((request, response) => {
    heard.push(`${address} ${request.url ?? ""}`);
    response.end("credentials");
  }).listen({ host: address, port: 80 });
  createSocket(family)
    .on("message", () => heard.push(`${address} udp`))
    .bind({ address, port: 80 });
}
const hosts = [
  ...addresses.split(",").map((each) => (each.includes(":") ? `[${each}]` : each)),
  ...names.split(","),
];
const urls = hosts.map((host) => `http://${host}/latest/meta-data/`);
const soon = () => AbortSignal.timeout(60_000);
const site = await startSite();
const real = realPool({ size: 1, road: road as Road });
const session = await real.pool.acquire(soon());
try {
  await session.page.navigate(`${site.url}/text`, soon());
  const answered = await session.page.call(
    REACH_FROM_PAGE,
    JSON.stringify({ urls, body: "x", ms: 1_500 }),
    soon(),
  );
  const opened: string[] = [];
  for (const url of [
    ...urls,
    ...urls.map((to) => `${site.url}/reach/redirect?to=${encodeURIComponent(to)}`),
  ]) {
    const { outcome } = await runCommands(session.page, [{ action: "navigate", url }]);
    if (outcome.verdict === "passed") opened.push(url);
  }
  // The same server without the browser, so that its silence means something.
  const direct = await fetch(urls[0] ?? "").then((response) => response.text());
  console.log(JSON.stringify({ answered: JSON.parse(answered), opened, direct, heard: heard.slice(0, -1) }));
} finally {
  await session.close();
  await real.pool.close();
  await site.close();
}
process.exit();
