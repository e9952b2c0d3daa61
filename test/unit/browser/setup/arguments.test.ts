import { describe, expect, it } from "vitest";
import { browserArguments, refusedUrls } from "../../../../src/browser/setup/arguments.js";
import { isInContainer, sandboxObstacle, warnOfNoSandbox } from "../../../../src/browser/setup/sandbox.js";

const ordinary = { headless: true, isRoot: false, inContainer: false, profileFolder: "/tmp/profile" };
const rulesOf = (allowedHosts?: string[]): string => {
  const rules = browserArguments({ ...ordinary, allowedHosts }).filter((argument) =>
    argument.startsWith("--host-resolver-rules="),
  );
  expect(rules).toHaveLength(1);
  return rules[0] ?? "";
};

describe("the browser's command line", () => {
  it("names each flag once", () => {
    const names = browserArguments({ ...ordinary, allowedHosts: ["a.test"] }).map(
      (flag) => flag.split("=")[0],
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it("has the profile folder, and none for a browser on another machine", () => {
    expect(browserArguments(ordinary)).toContain("--user-data-dir=/tmp/profile");
    expect(browserArguments({ headless: true }).join(" ")).not.toMatch(/user-data-dir|no-sandbox|dev-shm/);
  });

  it("is headless only when asked", () => {
    expect(browserArguments(ordinary)).toContain("--headless=new");
    expect(browserArguments({ ...ordinary, headless: false })).not.toContain("--headless=new");
  });

  it.each([
    [{ isRoot: false, inContainer: false }, []],
    [{ isRoot: true, inContainer: false }, ["--no-sandbox"]],
    [{ isRoot: true, inContainer: true, hasNamespaces: true }, ["--no-sandbox", "--disable-dev-shm-usage"]],
    [{ isRoot: false, inContainer: true, hasNamespaces: false }, ["--no-sandbox", "--disable-dev-shm-usage"]],
    [{ isRoot: false, inContainer: true, hasNamespaces: true }, ["--disable-dev-shm-usage"]],
  ])("gives up the sandbox only where it cannot work: %j", (where, flags) => {
    const given = browserArguments({ ...ordinary, ...where });
    expect(given.filter((flag) => /sandbox|dev-shm/.test(flag))).toEqual(flags);
  });
});

describe("a browser without its sandbox", () => {
  const none = { isRoot: false, inContainer: false, hasNamespaces: () => false };

  it.each([
    [{ isRoot: true }, "root", /run it as another user$/],
    [{ inContainer: true }, "container", /this container has no user namespaces: allow them/],
  ] as const)("is said in one line at the start, with the remedy: %j", (where, because, remedy) => {
    const warned: unknown[][] = [];
    // Only this method is called.
    warnOfNoSandbox({ warn: (...line: unknown[]) => warned.push(line) } as never, { ...none, ...where });
    expect(warned).toEqual([[{ sandbox: false, because }, expect.stringMatching(remedy)]]);
  });

  it("is not said where there is one", () => {
    const log = { warn: () => expect.fail("it warned") } as never;
    warnOfNoSandbox(log, none);
    warnOfNoSandbox(log, { ...none, inContainer: true, hasNamespaces: () => true });
    expect(sandboxObstacle(none)).toBeUndefined();
  });
});

describe("the allowed hosts", () => {
  it("leave every host open when there are none, but for the clouds' metadata services", () => {
    expect(rulesOf()).toBe(rulesOf([]));
    expect(rulesOf()).not.toContain("MAP * ");
    for (const host of ["169.254.*", "metadata.google.internal", "fd00:ec2::*"]) {
      expect(rulesOf()).toContain(`MAP ${host} ~NOTFOUND`);
    }
  });

  it("close everything else", () => {
    const rules = rulesOf(["shop.test", "*.Example.test", "[::1]", "127.0.0.1"]);
    expect(rules).toContain("MAP * ~NOTFOUND");
    expect(rules).toMatch(
      / , EXCLUDE shop\.test , EXCLUDE \*\.example\.test , EXCLUDE ::1 , EXCLUDE 127\.0\.0\.1$/,
    );
  });

  it("and the proxy are what WebRTC may not go around, unless it is told that it may", () => {
    const flag = "--webrtc-ip-handling-policy=disable_non_proxied_udp";
    expect(browserArguments(ordinary)).toContain(flag);
    expect(browserArguments({ ...ordinary, directWebRtc: true })).not.toContain(flag);
  });

  it("are the proxy's business where there is one, and nothing goes past it", () => {
    const given = browserArguments({ ...ordinary, proxyPort: 23_001, allowedHosts: ["a.test"] });
    expect(given).toContain("--proxy-server=socks5://127.0.0.1:23001");
    expect(given).toContain("--proxy-bypass-list=<-loopback>");
    expect(given).toContain("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
  });

  it("without the proxy go with none of the environment's proxies", () => {
    expect(browserArguments(ordinary)).toContain("--no-proxy-server");
  });

  it.each(["169.254.169.254", "metadata.google.internal", "[fd00:ec2::254]", "[::ffff:a9fe:a9fe]"])(
    "never open %s",
    (host) => {
      expect(rulesOf([host])).not.toContain("EXCLUDE");
    },
  );

  it("of a pattern that takes in a metadata service leave its addresses to be refused one by one", () => {
    expect(rulesOf(["*.internal"])).toContain("EXCLUDE *.internal");
    const refused = ["*://metadata.google.internal/*", "*://metadata.google.internal:*"];
    const also = ["*://instance-data.ec2.internal/*", "*://instance-data.ec2.internal:*"];
    expect(refusedUrls(["shop.test", "*.internal"])).toEqual([...refused, ...also]);
    expect(refusedUrls(["*.google.internal"])).toEqual(refused);
    expect(refusedUrls(["shop.test", "*.example.test", "127.0.0.1"])).toEqual([]);
  });

  it.each(["", "a b", "a,b", "a.test , EXCLUDE *", "*", "*.", "~NOTFOUND", "a.*.test"])(
    "refuse %j, which is no host",
    (host) => {
      expect(() => rulesOf([host])).toThrow(RangeError);
    },
  );
});

describe("a container", () => {
  const signs = (files: Record<string, string>) => ({
    exists: (path: string) => path in files,
    read: (path: string) => files[path] ?? "",
  });

  it.each<[string, Record<string, string>, boolean]>([
    ["Docker's marker", { "/.dockerenv": "" }, true],
    ["Podman's marker", { "/run/.containerenv": "" }, true],
    ["Docker's control group", { "/proc/1/cgroup": "4:memory:/docker/3f2a" }, true],
    ["Kubernetes' control group", { "/proc/1/cgroup": "0::/kubepods.slice/kubepods-pod1" }, true],
    ["LXC's control group", { "/proc/1/cgroup": "4:memory:/lxc/web" }, true],
    ["a machine of its own", { "/proc/1/cgroup": "0::/init.scope" }, false],
    ["no Linux", {}, false],
  ])("is known by %s", (_name, files, expected) => {
    expect(isInContainer(signs(files))).toBe(expected);
  });
});
