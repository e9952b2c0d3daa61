import { expect, test } from "vitest";
import { RequestRules, type StoppedRequest } from "../../../src/browser/request-rules.js";
import type { RequestRule } from "../../../src/runner/ports.js";

const request = (url: string, more: Partial<StoppedRequest> = {}): StoppedRequest => ({
  method: "GET",
  url,
  resourceType: "fetch",
  headers: {},
  ...more,
});
const rule = (more: Partial<RequestRule> = {}): RequestRule => ({
  wildcard: "*",
  isFor: () => true,
  answer: { status: 200, headers: [], body: Buffer.from("canned") },
  ...more,
});

test("an address that nothing may load is refused, whatever rule there is", () => {
  const rules = new RequestRules(["*://metadata.test/*", "*://metadata.test:*"]);
  rules.add(rule());
  expect(rules.decide(request("http://metadata.test/token"))).toEqual({ do: "refuse" });
  expect(rules.decide(request("http://METADATA.test:80/token"))).toEqual({ do: "refuse" });
  expect(rules.decide(request("http://other.test/metadata.test"))).toMatchObject({ do: "answer" });
});

test("no rule and no login stop nothing", () => {
  const rules = new RequestRules([]);
  expect(rules.wildcards).toEqual([]);
  rules.add(rule({ times: 1 }));
  expect(rules.wildcards).toEqual(["*"]);
  rules.decide(request("http://a.test/"));
  expect(rules.hasRules).toBe(false);
  expect(rules.wildcards).toEqual([]);
});

test("a browser's question before a request of another site does not use a rule up", () => {
  const rules = new RequestRules([]);
  const isFor: RequestRule["isFor"] = ({ method }) => method === "PUT";
  rules.add(rule({ isFor, times: 1 }));
  const headers = { Origin: "http://a.test", "Access-Control-Request-Method": "PUT" };
  const asked = rules.decide(request("http://b.test/", { method: "OPTIONS", headers }));
  expect(asked).toMatchObject({ do: "answer", status: 204 });
  expect(asked).toHaveProperty("headers", expect.arrayContaining([["Access-Control-Allow-Methods", "PUT"]]));
  const put = request("http://b.test/", { method: "PUT", headers: { Origin: "http://a.test" } });
  expect(rules.decide(put)).toMatchObject({ do: "answer", status: 200 });
  expect(rules.decide(put)).toEqual({ do: "continue" });
});

test("a login is given to its own server alone, and once a request", () => {
  const rules = new RequestRules([]);
  const login = { origin: "http://a.test", username: "u", password: "p" };
  rules.setLogin(login);
  expect(rules.wildcards).toEqual(["http://a.test/*"]);
  expect(rules.loginFor("http://b.test", "1")).toBeUndefined();
  expect(rules.loginFor("http://a.test", "1")).toBe(login);
  expect(rules.loginFor("http://a.test", "1")).toBe("refuse");
  expect(rules.loginFor("http://a.test", "2")).toBe(login);
});
