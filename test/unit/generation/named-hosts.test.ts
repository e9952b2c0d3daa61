import { describe, expect, test } from "vitest";
import { hostsOf, refuseStartUrl, urlsIn } from "../../../src/generation/live/named-hosts.js";
import { RunVariables } from "../../../src/runner/variables.js";

const variables = new RunVariables({ env: { BASE: "https://base.test" }, secrets: {} });

describe("the hosts that a generation may open", () => {
  test.each([
    ["those that the author named", ["http://a.test/x", "https://b.test"], ["a.test", "b.test"]],
    ["those of variables", ["${env.BASE}/login"], ["base.test"]],
    ["none of a variable without a value", ["${env.OTHER}/login"], []],
  ])("are %s", (_what, named, hosts) => {
    expect(hostsOf(named, { allowed: [], variables })).toEqual(hosts);
  });

  test("are those of ALLOWED_HOSTS where there are any", () => {
    const allowed = ["*.shop.test"];
    expect(hostsOf(["http://evil.test"], { allowed, variables })).toEqual(allowed);
  });

  test("are named by commands that open an address, and by no others", () => {
    const urls = urlsIn([
      { action: "navigate", url: "http://a.test" },
      { action: "verify_url", expected_url: "http://evil.test" },
    ]);
    expect(urls).toEqual(["http://a.test"]);
  });
});

describe("a start_url", () => {
  test.each([
    ["http://169.254.169.254/", /hand out credentials/],
    ["http://[fe80::1]/", /hand out credentials/],
    ["http://evil.test/", /add it to ALLOWED_HOSTS/],
  ])("%s is refused", (url, reason) => {
    expect(() => {
      refuseStartUrl(url, ["shop.test"], undefined);
    }).toThrow(reason);
  });

  test.each(["http://shop.test/login", "${env.BASE}/login"])("%s is taken", (url) => {
    refuseStartUrl(url, ["shop.test"], undefined);
  });
});
