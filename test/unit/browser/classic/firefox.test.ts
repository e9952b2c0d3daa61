import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { firefoxArguments, firefoxPreferences } from "../../../../src/browser/classic/firefox.js";

/** Asks the preferences' proxy script as Firefox does. */
function proxyFor(host: string, allowedHosts: string[]): string {
  const url = String(firefoxPreferences({ allowedHosts })["network.proxy.autoconfig_url"]);
  const [, script = ""] = /^data:[^,]*,(.*)$/s.exec(url) ?? [];
  const call = `${decodeURIComponent(script)}; FindProxyForURL("http://host/", ${JSON.stringify(host)})`;
  return String(runInNewContext(call));
}

const OPEN = "DIRECT";
const CLOSED = "PROXY 127.0.0.1:1";

describe("the hosts that Firefox may open", () => {
  it.each([
    ["shop.test", OPEN],
    ["SHOP.test", OPEN],
    ["shop.test.", OPEN],
    ["a.shop.test", CLOSED],
    ["a.example.test", OPEN],
    ["a.b.example.test", OPEN],
    ["example.test", CLOSED],
    ["notexample.test", CLOSED],
    ["[::1]", OPEN],
    ["::1", OPEN],
    ["localhost", CLOSED],
    ["127.0.0.1", CLOSED],
  ])("with a list of some: %s is %s", (host, expected) => {
    expect(proxyFor(host, ["shop.test", "*.Example.test", "[::1]"])).toBe(expected);
  });

  it("are all of them without a list", () => {
    for (const host of ["anything.test", "127.0.0.1", "[::1]"]) expect(proxyFor(host, [])).toBe(OPEN);
  });

  it.each([
    "169.254.169.254",
    "169.254.1.1",
    "metadata",
    "metadata.google.internal",
    "metadata.google.internal.",
    "[fd00:ec2::254]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "instance-data",
  ])("never take in %s, whatever is allowed", (host) => {
    expect(proxyFor(host, [])).toBe(CLOSED);
    expect(proxyFor(host, [host, "*.google.internal", "*.internal"])).toBe(CLOSED);
  });

  it("cannot be passed by for this machine, nor where the proxy fails", () => {
    expect(firefoxPreferences({ allowedHosts: [] })).toMatchObject({
      "network.proxy.type": 2,
      "network.proxy.allow_hijacking_localhost": true,
      "network.proxy.failover_direct": false,
      "network.proxy.no_proxies_on": "",
    });
  });

  it("cannot be passed by with WebRTC, unless that may", () => {
    expect(firefoxPreferences({})).toMatchObject({ "media.peerconnection.enabled": false });
    expect(firefoxPreferences({ directWebRtc: true })).not.toHaveProperty("media.peerconnection.enabled");
  });

  it("are the proxy's business on this machine, which also looks names up", () => {
    const preferences = firefoxPreferences({ proxyPort: 23_001, allowedHosts: ["a.test"] });
    expect(preferences).toMatchObject({
      "network.proxy.type": 1,
      "network.proxy.socks": "127.0.0.1",
      "network.proxy.socks_port": 23_001,
      "network.proxy.socks_remote_dns": true,
      "network.proxy.allow_hijacking_localhost": true,
      "network.proxy.no_proxies_on": "",
    });
    expect(preferences).not.toHaveProperty("network.proxy.autoconfig_url");
  });

  it.each(["", "a b", "a,b", "*", '"; return "DIRECT', "a\\"])("refuse %j, which is no host", (host) => {
    expect(() => firefoxPreferences({ allowedHosts: [host] })).toThrow(RangeError);
  });
});

it("Firefox is headless when asked, with a profile of its own on this machine", () => {
  expect(firefoxArguments({ headless: true, profileFolder: "/tmp/p" })).toEqual([
    "-headless",
    "-profile",
    "/tmp/p",
  ]);
  expect(firefoxArguments({ headless: false })).toEqual([]);
});
