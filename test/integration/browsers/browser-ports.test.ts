import { createServer } from "node:net";
import { expect, test } from "vitest";
import { BrowserPorts } from "../../../src/browser/setup/port-lease.js";

const SPAN = { first: 22_990, last: 22_993 };

test("a port is leased to one only, also among several servers, until it is given back", async () => {
  const [one, other] = [new BrowserPorts(SPAN), new BrowserPorts(SPAN)];
  const leases = await Promise.all([one, other, one, other].map((ports) => ports.lease()));
  expect(leases.map(({ port }) => port).sort()).toEqual([22_990, 22_991, 22_992, 22_993]);
  await expect(one.lease()).rejects.toThrow("set BROWSER_PORTS to other ones");
  const [first, ...others] = leases;
  first?.release();
  first?.release();
  const again = await other.lease();
  expect(again.port).toBe(first?.port);
  for (const lease of [again, ...others]) lease.release();
});

test("a port that something else listens on is passed by", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(22_995, "127.0.0.1", resolve));
  try {
    const ports = new BrowserPorts({ first: 22_995, last: 22_996 });
    const lease = await ports.lease();
    expect(lease.port).toBe(22_996);
    lease.release();
  } finally {
    other.close();
  }
});
