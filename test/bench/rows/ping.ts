import { once } from "node:events";
import WebSocket from "ws";
import type { Bench } from "../bench.js";
import { startChildProcess } from "../child-process.js";
import { onOneCore } from "../one-core.js";
import { interleave, Side } from "../rounds.js";
import { median } from "../statistics.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { atMost, type Row } from "../table.js";

const LIMIT = 1.5;
/** The smallest request with an answer that needs no database; it goes the way of every other. */
const REQUEST = JSON.stringify({ type: "unsubscribe", run_id: "none" });

/** Round trips through the server, against a bare `ws` server that sends back what it gets. */
export async function measurePing(bench: Bench): Promise<Row[]> {
  // Far above what one client reaches, so that messages are counted but not refused.
  const environment = { MESSAGES_PER_SECOND: "1000000", MESSAGE_BURST: "1000000" };
  const server = await startBenchServer(bench, { screenshots: "off", environment });
  const echo = await startChildProcess<string>(new URL("echo-child.ts", import.meta.url), bench.teardown);
  const sides = {
    request: await roundTrips(
      "A request to the server",
      `ws://${server.address}/ws/execute-step`,
      bench,
      ask,
    ),
    echo: await roundTrips("A message to the echo server", echo.said, bench, ask),
    ping: await roundTrips("A ping to the server", `ws://${server.address}/ws/execute-step`, bench, ping),
    echoPing: await roundTrips("A ping to the echo server", echo.said, bench, ping),
  };
  const pids = [process.pid, server.pid, echo.child.pid ?? 0];
  const isShared = await onOneCore(pids, () =>
    interleave("round trips", Object.values(sides), bench.sizes.pingRounds),
  );
  await Promise.all([echo.stop(), server.stop()]);
  const where = isShared ? ", all on one core" : "";
  return [
    compare(
      `request and answer through the router / message of a bare ws echo${where}`,
      sides.request,
      sides.echo,
    ),
    compare(`WebSocket ping / ping of a bare ws server${where}`, sides.ping, sides.echoPing),
  ];
}

/** A side whose samples are medians of many round trips one after the other, in microseconds. */
async function roundTrips(
  name: string,
  url: string,
  { sizes, teardown }: Bench,
  trip: (socket: WebSocket) => Promise<unknown>,
): Promise<Side<number>> {
  const socket = new WebSocket(url);
  teardown.defer(() => {
    socket.terminate();
    return Promise.resolve();
  });
  await once(socket, "open");
  return new Side(name, async () => {
    const times: number[] = [];
    for (let count = 0; count < sizes.pings; count++) {
      const started = performance.now();
      await trip(socket);
      times.push((performance.now() - started) * 1000);
    }
    return median(times);
  });
}

function ask(socket: WebSocket): Promise<unknown> {
  const answered = new Promise((resolve) => socket.once("message", resolve));
  socket.send(REQUEST);
  return answered;
}

function ping(socket: WebSocket): Promise<unknown> {
  const answered = new Promise((resolve) => socket.once("pong", resolve));
  socket.ping();
  return answered;
}

function compare(what: string, ours: Side<number>, theirs: Side<number>): Row {
  const [value, base] = [median(ours.samples), median(theirs.samples)];
  return atMost(LIMIT, {
    name: "ping",
    what: `round trip: ${what}`,
    value: value / base,
    unit: " ×",
    digits: 2,
    note: `${value.toFixed(0)} µs / ${base.toFixed(0)} µs`,
  });
}
