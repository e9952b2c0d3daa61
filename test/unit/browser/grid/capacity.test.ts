import { describe, expect, test } from "vitest";
import { capacityOf, freePlaces, offered, offers } from "../../../../src/browser/grid/capacity.js";

const slot = (browserName: string, { version = "", isBusy = false } = {}) => ({
  id: { hostId: "h", id: "s" },
  lastStarted: "1970-01-01T00:00:00Z",
  session: isBusy ? { sessionId: "1" } : null,
  stereotype: { browserName, platformName: "linux", ...(version && { browserVersion: version }) },
});
const node = (slots: object[], { maxSessions = slots.length, availability = "UP" } = {}) => ({
  id: "n",
  uri: "http://10.0.0.7:5555",
  maxSessions,
  slots,
  availability,
});
const grid = (...nodes: object[]) => capacityOf({ value: { ready: true, message: "", nodes } }, 3);

describe("a Selenium Grid", () => {
  test("has as many places as its nodes have free", () => {
    const capacity = grid(
      node([slot("chrome", { isBusy: true }), slot("chrome")]),
      node([slot("chrome"), slot("MicrosoftEdge"), slot("firefox")]),
    );
    expect(capacity?.queued).toBe(3);
    if (capacity === undefined) throw new Error("no capacity");
    expect(freePlaces(capacity, { kind: "chrome" })).toBe(2);
    expect(freePlaces(capacity, { kind: "edge" })).toBe(1);
    expect(offers(capacity, { kind: "firefox" })).toBe(true);
  });

  test("whose nodes have more slots than sessions has no more places than those", () => {
    const capacity = grid(
      node([slot("chrome"), slot("chrome"), slot("firefox", { isBusy: true })], { maxSessions: 2 }),
      node([slot("chrome")], { availability: "DRAINING" }),
      node([slot("chrome")], { availability: "DOWN" }),
    );
    expect(capacity && freePlaces(capacity, { kind: "chrome" })).toBe(1);
  });

  test("has versions, which may be asked for by their beginning", () => {
    const capacity = grid(
      node([slot("chrome", { version: "128.0.1" }), slot("chrome", { version: "12.0" })]),
    );
    if (capacity === undefined) throw new Error("no capacity");
    expect(freePlaces(capacity, { kind: "chrome", version: "128" })).toBe(1);
    expect(freePlaces(capacity, { kind: "chrome", version: "12" })).toBe(1);
    expect(offers(capacity, { kind: "chrome", version: "99" })).toBe(false);
    expect(offered(capacity)).toEqual(["chrome 128.0.1", "chrome 12.0"]);
  });
});

test("Selenoid tells its places by another status", () => {
  const browsers = { chrome: { "128.0": {}, "127.0": {} }, firefox: { "130.0": {} } };
  const capacity = capacityOf({ total: 8, used: 4, queued: 2, pending: 1, browsers }, 0);
  expect(capacity?.queued).toBe(2);
  if (capacity === undefined) throw new Error("no capacity");
  expect(freePlaces(capacity, { kind: "chrome" })).toBe(3);
  expect(freePlaces(capacity, { kind: "firefox", version: "130" })).toBe(3);
  const full = capacityOf({ total: 2, used: 2, queued: 0, pending: 0, browsers }, 0);
  expect(full && freePlaces(full, { kind: "chrome" })).toBe(0);
  expect(full && offers(full, { kind: "chrome" })).toBe(true);
});

test.each([[null], [{}], [{ value: { ready: true, message: "chromedriver" } }]])(
  "others tell no places: %j",
  (status) => {
    expect(capacityOf(status, 0)).toBeUndefined();
  },
);
