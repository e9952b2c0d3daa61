import { expect, test } from "vitest";
import { relayedAddresses } from "../../../src/browser/relayed-addresses.js";

test.each([
  [
    "a Grid that knows its own address",
    "ws://grid.test:4444/session/1/se/cdp",
    "http://grid.test:4444",
    ["ws://grid.test:4444/session/1/se/cdp"],
  ],
  [
    "a Grid in a container's network",
    "ws://172.18.0.2:4444/session/1/se/cdp",
    "http://qa1.test:4445",
    ["ws://qa1.test:4445/session/1/se/cdp", "ws://172.18.0.2:4444/session/1/se/cdp"],
  ],
  [
    "a Grid behind a proxy that speaks https",
    "ws://10.0.0.7:4444/session/1/se/cdp",
    "https://grid.test",
    ["wss://grid.test/session/1/se/cdp", "ws://10.0.0.7:4444/session/1/se/cdp"],
  ],
  [
    "a Grid below a path",
    "ws://10.0.0.7:4444/session/1/se/cdp",
    "https://qa.test/grid/",
    ["wss://qa.test/grid/session/1/se/cdp", "ws://10.0.0.7:4444/session/1/se/cdp"],
  ],
  [
    "a Grid below a path that it knows",
    "ws://qa.test/grid/session/1/se/cdp",
    "http://qa.test/grid",
    ["ws://qa.test/grid/session/1/se/cdp"],
  ],
  [
    "the old name of its root",
    "ws://grid.test:4444/session/1/se/cdp",
    "http://grid.test:4444/wd/hub",
    ["ws://grid.test:4444/session/1/se/cdp"],
  ],
  [
    "credentials",
    "ws://grid.test/session/1/se/cdp",
    "http://ada:p%40ss@grid.test",
    ["ws://ada:p%40ss@grid.test/session/1/se/cdp"],
  ],
  [
    "another machine's loopback interface",
    "ws://localhost:4444/session/1/se/cdp",
    "http://grid.test:4444",
    ["ws://grid.test:4444/session/1/se/cdp"],
  ],
  [
    "a vendor with a host for sockets",
    "wss://cdp.vendor.test/1",
    "https://hub.vendor.test/wd/hub",
    ["wss://hub.vendor.test/1", "wss://cdp.vendor.test/1"],
  ],
])("%s", (_what, told, remoteUrl, expected) => {
  expect(relayedAddresses(told, remoteUrl)).toEqual(expected);
});
