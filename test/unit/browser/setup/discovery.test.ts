import { describe, expect, it } from "vitest";
import {
  BrowserNotFoundError,
  findBrowser,
  type FindBrowserOptions,
} from "../../../../src/browser/setup/discovery.js";
import type { Outcome, System } from "../../../../src/browser/setup/system.js";

type Answer = string | Partial<Outcome>;

/** A machine on which only these programs exist; each answers one way, or as a function of its arguments. */
class FakeSystem implements System {
  platform: NodeJS.Platform = "linux";
  arch = "x64";
  isRoot = false;
  home = "/home/ada";
  readonly programs = new Map<string, Answer | ((args: readonly string[]) => Answer)>();
  /** The names that the PATH knows. */
  readonly path = new Map<string, string>();
  readonly runs: string[] = [];

  /** Adds a program, to the PATH under its own name too. */
  add(path: string, answer: Answer | ((args: readonly string[]) => Answer), inPath = true): this {
    this.programs.set(path, answer);
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (inPath) this.path.set(name, path);
    return this;
  }

  exists = (path: string): boolean => this.programs.has(path);
  isProgram = (path: string): boolean => {
    // The search finds it inside node_modules, wherever that is.
    return this.programs.has(path.includes("selenium-manager") ? "selenium-manager" : path);
  };

  run = async (file: string, args: readonly string[], _timeoutMs: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    this.runs.push([file, ...args].join(" "));
    const name = file.includes("selenium-manager") ? "selenium-manager" : file;
    if (name === "/bin/sh" || name === "where.exe") return this.#lookUp(args);
    const program = this.programs.get(name);
    const answer = typeof program === "function" ? program(args) : (program ?? { problem: "ENOENT" });
    const outcome = typeof answer === "string" ? { stdout: answer } : answer;
    return Promise.resolve({
      ok: outcome.problem === undefined,
      stdout: "",
      stderr: "",
      problem: "",
      ...outcome,
    });
  };

  #lookUp(names: readonly string[]): Promise<Outcome> {
    const paths = names.map((name) => this.path.get(name)).filter((path) => path !== undefined);
    return Promise.resolve({ ok: paths.length > 0, stdout: paths.join("\n"), stderr: "", problem: "" });
  }
}

const CHROMIUM = "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)\n";
const CHROMEDRIVER = "ChromeDriver 156.0.8078.79 (a21ce95c-refs/branch-heads/8078@{#1704})\n";

const logged: string[] = [];
const find = (system: System, options: Partial<FindBrowserOptions> = {}) => {
  logged.length = 0;
  return findBrowser(
    {
      browser: "chrome",
      install: false,
      log: (line) => logged.push(line),
      signal: AbortSignal.timeout(5_000),
      ...options,
    },
    system,
  );
};

async function failure(system: System, options: Partial<FindBrowserOptions> = {}): Promise<string> {
  const error: unknown = await find(system, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BrowserNotFoundError);
  return (error as BrowserNotFoundError).message;
}

describe("on this machine", () => {
  it("takes the pair in the PATH", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/chromium", { stdout: CHROMIUM, stderr: "[: 25276510208: unexpected operator" })
      .add("/usr/bin/chromedriver", CHROMEDRIVER);
    expect(await find(system)).toEqual({
      kind: "chrome",
      name: "Chromium",
      binary: "/usr/bin/chromium",
      driver: "/usr/bin/chromedriver",
      version: "156.0.8078.79",
    });
  });

  it.each([
    ["Google Chrome 126.0.6478.55 \n", "Google Chrome", "126.0.6478.55"],
    ["Google Chrome for Testing 126.0.6478.55", "Google Chrome for Testing", "126.0.6478.55"],
    ["Google Chrome 126.0.6478.8 beta", "Google Chrome", "126.0.6478.8"],
    ["warning: no session bus\nChromium 126.0.6478.55 snap", "Chromium", "126.0.6478.55"],
  ])("reads the version out of %j", async (stdout, name, version) => {
    const system = new FakeSystem()
      .add("/usr/bin/google-chrome", stdout)
      .add("/usr/bin/chromedriver", "ChromeDriver 126.0.6478.182 (x)");
    expect(await find(system)).toMatchObject({ name, version });
  });

  it("looks into the usual places too", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/chromium", CHROMIUM)
      .add("/usr/lib/chromium/chromedriver", CHROMEDRIVER, false);
    expect(await find(system)).toMatchObject({ driver: "/usr/lib/chromium/chromedriver" });
  });

  it("passes over a browser that has no matching driver", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/google-chrome", "Google Chrome 157.0.1.1")
      .add("/usr/bin/chromium", CHROMIUM)
      .add("/usr/bin/chromedriver", CHROMEDRIVER);
    expect(await find(system)).toMatchObject({ binary: "/usr/bin/chromium" });
  });

  it("does not count Ubuntu's stub that only tells to install the snap", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/chromium-browser", {
        problem: "exit code 1",
        stderr: "\nCommand '/usr/bin/chromium-browser' requires the chromium snap to be installed.\n",
      })
      .add("/usr/bin/chromedriver", CHROMEDRIVER);
    const message = await failure(system);
    expect(message).toContain("/usr/bin/chromium-browser: does not run (exit code 1: Command");
    expect(message).toContain("PATH and usual places: no browser");
  });

  it("finds Chrome on macOS", async () => {
    const chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    const system = new FakeSystem()
      .add(chrome, "Google Chrome 156.0.1.2", false)
      .add("/opt/homebrew/bin/chromedriver", CHROMEDRIVER, false);
    system.platform = "darwin";
    expect(await find(system)).toMatchObject({ binary: chrome, driver: "/opt/homebrew/bin/chromedriver" });
  });

  it("asks Windows, not the browser, for a browser's version: asked itself it would open a window", async () => {
    const chrome = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe";
    const system = new FakeSystem()
      .add(chrome, { problem: "opened a window" }, false)
      .add("C:/drivers/chromedriver", "ChromeDriver 156.0.1.2 (x)")
      .add("powershell.exe", "156.0.1.2\r\n", false);
    system.platform = "win32";
    expect(await find(system)).toEqual({
      kind: "chrome",
      name: "Chrome",
      binary: chrome,
      driver: "C:/drivers/chromedriver",
      version: "156.0.1.2",
    });
    expect(system.runs.filter((run) => run.startsWith(chrome))).toEqual([]);
  });

  it("finds Edge", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/microsoft-edge", "Microsoft Edge 126.0.2592.56 ")
      .add("/usr/local/bin/msedgedriver", "Microsoft Edge WebDriver 126.0.2592.56 (x)");
    expect(await find(system, { browser: "edge" })).toMatchObject({ kind: "edge", name: "Microsoft Edge" });
  });
});

describe("Firefox", () => {
  const geckodriver =
    "geckodriver 0.36.0 (a3d508507022 2025-02-24 15:57 +0000)\n\nThe source code of this program";

  it.each([
    ["/usr/bin/firefox", "Mozilla Firefox 140.0", "140.0"],
    ["/usr/bin/firefox", "Mozilla Firefox 140.0.4", "140.0.4"],
    ["/usr/bin/firefox-esr", "Mozilla Firefox 140.12.0esr", "140.12.0"],
  ])("is found as %s, %s, with whatever geckodriver there is", async (binary, stdout, version) => {
    const system = new FakeSystem().add(binary, stdout).add("/usr/bin/geckodriver", geckodriver);
    expect(await find(system, { browser: "firefox" })).toEqual({
      kind: "firefox",
      name: "Mozilla Firefox",
      binary,
      driver: "/usr/bin/geckodriver",
      version,
    });
  });

  it("may be named by the variables, whose versions need not match", async () => {
    const system = new FakeSystem()
      .add("/opt/firefox/firefox", "Mozilla Firefox 128.0", false)
      .add("/opt/geckodriver", geckodriver, false);
    const named = { browserBinary: "/opt/firefox/firefox", browserDriver: "/opt/geckodriver" };
    expect(await find(system, { browser: "firefox", ...named })).toMatchObject({ version: "128.0" });
  });

  it("gets only its driver from Selenium Manager, because Debian has none", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/apt-get", "")
      .add("/usr/bin/firefox-esr", "Mozilla Firefox 140.12.0esr")
      .add("/cache/geckodriver", geckodriver, false)
      .add(
        "selenium-manager",
        JSON.stringify({
          result: { browser_path: "/usr/bin/firefox-esr", driver_path: "/cache/geckodriver" },
        }),
        false,
      );
    system.isRoot = true;
    const found = await find(system, { browser: "firefox", install: true });
    expect(found).toMatchObject({ binary: "/usr/bin/firefox-esr", driver: "/cache/geckodriver" });
    expect(system.runs.filter((run) => run.includes("apt-get install"))).toEqual([]);
    expect(system.runs.find((run) => run.includes("selenium-manager"))).toContain("--browser firefox");
  });

  it("is installed from Debian's package where there is none", async () => {
    const system = new FakeSystem().add("/usr/bin/apt-get", "").add("/usr/bin/geckodriver", geckodriver);
    system.isRoot = true;
    system.add("/usr/bin/env", (args) => {
      if (args.includes("install")) system.add("/usr/bin/firefox-esr", "Mozilla Firefox 140.12.0esr");
      return "";
    });
    expect(await find(system, { browser: "firefox", install: true })).toMatchObject({
      binary: "/usr/bin/firefox-esr",
    });
    expect(system.runs).toContain(
      "/usr/bin/env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends firefox-esr",
    );
  });

  it("is named in the report, with where its driver is to be had", async () => {
    const message = await failure(new FakeSystem(), { browser: "firefox" });
    expect(message).toMatch(/^No Firefox with a matching driver was found/);
    expect(message).toContain("Next: install Firefox and geckodriver (https://");
  });
});

describe("the variables", () => {
  const machine = () =>
    new FakeSystem()
      .add("/usr/bin/chromium", CHROMIUM)
      .add("/usr/bin/chromedriver", CHROMEDRIVER)
      .add("/opt/chrome", "Google Chrome 140.0.1.1", false)
      .add("/opt/driver", "ChromeDriver 140.0.9.9 (x)", false)
      .add(
        "/opt/broken",
        { problem: "exit code 127", stderr: "libnss3.so: cannot open shared object" },
        false,
      );

  it("win over what is installed, and nothing is searched", async () => {
    const system = machine();
    const found = await find(system, { browserBinary: "/opt/chrome", browserDriver: "/opt/driver" });
    expect(found).toMatchObject({ binary: "/opt/chrome", driver: "/opt/driver", version: "140.0.1.1" });
  });

  it("may name the browser alone: its driver is searched", async () => {
    const system = machine().add("/usr/local/bin/chromedriver", "ChromeDriver 140.0.9.9 (x)", false);
    expect(await find(system, { browserBinary: "/opt/chrome" })).toMatchObject({
      binary: "/opt/chrome",
      driver: "/usr/local/bin/chromedriver",
    });
  });

  it("may name the driver alone: its browser is searched", async () => {
    const system = machine().add("/usr/bin/google-chrome", "Google Chrome 140.0.1.1");
    expect(await find(system, { browserDriver: "/opt/driver" })).toMatchObject({
      binary: "/usr/bin/google-chrome",
      driver: "/opt/driver",
    });
  });

  it.each([
    ["BROWSER_BINARY", { browserBinary: "/nope" }, "BROWSER_BINARY: /nope does not exist."],
    ["BROWSER_DRIVER", { browserDriver: "/nope" }, "BROWSER_DRIVER: /nope does not exist."],
    [
      "a broken program",
      { browserBinary: "/opt/broken" },
      "BROWSER_BINARY: /opt/broken does not run (exit code 127: libnss3.so",
    ],
    [
      "versions that do not match",
      { browserBinary: "/opt/chrome", browserDriver: "/usr/bin/chromedriver" },
      "BROWSER_BINARY is version 140.0.1.1, but BROWSER_DRIVER is version 156.0.8078.79",
    ],
  ])("are named when they are wrong: %s", async (_name, options, message) => {
    expect(await failure(machine(), options)).toContain(message);
  });
});

describe("installing", () => {
  /** A Debian whose apt-get brings Chromium. */
  const debian = (answer: Answer = "") => {
    const system = new FakeSystem().add("/usr/bin/apt-get", "");
    system.isRoot = true;
    system.add("/usr/bin/env", (args) => {
      if (args.includes("install") && answer === "") {
        system.add("/usr/bin/chromium", CHROMIUM).add("/usr/bin/chromedriver", CHROMEDRIVER);
      }
      return answer;
    });
    return system;
  };

  it("takes Debian's packages as root, after an update", async () => {
    const system = debian();
    expect(await find(system, { install: true })).toMatchObject({ binary: "/usr/bin/chromium" });
    expect(system.runs.filter((run) => run.includes("apt-get"))).toEqual([
      "/usr/bin/env DEBIAN_FRONTEND=noninteractive apt-get update",
      "/usr/bin/env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium chromium-driver",
    ]);
  });

  it("is not done by a server, which only searches", async () => {
    const system = debian().add("selenium-manager", "{}", false);
    const message = await failure(system);
    expect(system.runs.filter((run) => run.includes("apt-get"))).toEqual([]);
    expect(system.runs.at(-1)).toMatch(/selenium-manager .*--offline$/);
    expect(message).toContain("Selenium Manager: has nothing cached");
    expect(message).toMatch(
      /Next: run `npm run stepwire -- setup`, or `apt-get install chromium chromium-driver`, or set/,
    );
  });

  it("shows what apt-get said when it failed", async () => {
    const stderr = "Reading…\nE: Unable to locate package chromium";
    const system = debian({ problem: "exit code 100", stderr });
    const message = await failure(system, { install: true });
    expect(message).toContain("apt-get: failed (exit code 100): E: Unable to locate package chromium");
    expect(logged.join("\n")).toContain(stderr);
    expect(message).not.toContain("npm run stepwire -- setup");
  });

  it("says nothing of apt-get's output when it worked", async () => {
    await find(debian(), { install: true });
    expect(logged).toEqual([expect.stringMatching(/^Installing chromium/)]);
  });

  it("needs root for packages and goes on without", async () => {
    const system = debian();
    system.isRoot = false;
    const message = await failure(system, { install: true });
    expect(message).toContain("apt-get: needs root");
    expect(message).toContain(
      "Next: run `sudo apt-get install chromium chromium-driver`, or set BROWSER_BINARY",
    );
  });

  const managed = (browser: string, driver: string) =>
    JSON.stringify({
      logs: [],
      result: { code: 0, message: "", browser_path: browser, driver_path: driver },
    });

  it("lets Selenium Manager download both", async () => {
    const system = new FakeSystem()
      .add("selenium-manager", managed("/cache/chrome", "/cache/chromedriver"), false)
      .add("/cache/chrome", "Google Chrome for Testing 156.0.1.1", false)
      .add("/cache/chromedriver", CHROMEDRIVER, false);
    expect(await find(system, { install: true })).toMatchObject({
      binary: "/cache/chrome",
      driver: "/cache/chromedriver",
    });
    expect(system.runs.some((run) => run.includes("--offline"))).toBe(false);
  });

  it("lets Selenium Manager fetch only the driver of a browser that is there", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/google-chrome", "Google Chrome 156.0.1.1")
      .add("selenium-manager", managed("/usr/bin/google-chrome", "/cache/chromedriver"), false)
      .add("/cache/chromedriver", CHROMEDRIVER, false);
    expect(await find(system, { install: true })).toMatchObject({ binary: "/usr/bin/google-chrome" });
    expect(system.runs.find((run) => run.includes("selenium-manager"))).toContain(
      "--browser-path /usr/bin/google-chrome",
    );
  });

  it("reports a downloaded browser that lacks libraries of the system", async () => {
    const system = new FakeSystem()
      .add("selenium-manager", managed("/cache/chrome", "/cache/chromedriver"), false)
      .add("/cache/chrome", { problem: "exit code 127", stderr: "libnss3.so: cannot open" }, false)
      .add("/cache/chromedriver", CHROMEDRIVER, false);
    expect(await failure(system, { install: true })).toContain(
      "/cache/chrome: does not run (exit code 127: libnss3.so: cannot open)",
    );
  });

  it("reports Selenium Manager's own words", async () => {
    const answer = JSON.stringify({ result: { code: 65, message: "error sending request for url (x)" } });
    const system = new FakeSystem().add(
      "selenium-manager",
      { problem: "exit code 65", stdout: answer },
      false,
    );
    expect(await failure(system, { install: true })).toContain(
      "Selenium Manager: error sending request for url (x)",
    );
  });

  it("does without Selenium Manager where it has no build", async () => {
    const system = new FakeSystem().add("selenium-manager", "{}", false);
    system.arch = "arm64";
    expect(await failure(system)).toContain("Selenium Manager: has no build for linux on arm64");
  });
});

describe("the report", () => {
  it("lists what was tried and the next step", async () => {
    const system = new FakeSystem()
      .add("/usr/bin/chromium", CHROMIUM)
      .add("/usr/local/bin/chromedriver", "ChromeDriver 140.0.9.9 (x)")
      .add("/usr/bin/dnf", "", false);
    expect(await failure(system)).toBe(
      [
        "No Chrome or Chromium with a matching driver was found. Tried:",
        "  - /usr/bin/chromium: 156.0.8078.79 has no matching driver (/usr/local/bin/chromedriver is 140.0.9.9)",
        "  - Selenium Manager: has no build for linux on x64",
        "Next: run `npm run stepwire -- setup`, or `sudo dnf install chromium chromedriver`, " +
          "or set BROWSER_BINARY and BROWSER_DRIVER to a browser and its driver.",
      ].join("\n"),
    );
  });

  it("names the product to install where no package is known", async () => {
    const system = new FakeSystem();
    system.platform = "win32";
    expect(await failure(system)).toContain(
      "Next: install Google Chrome, then run `npm run stepwire -- setup`",
    );
    expect(await failure(system, { browser: "edge" })).toContain("Next: install Microsoft Edge, then run");
  });

  it("is not written when the search is aborted", async () => {
    const reason = new Error("stopping");
    await expect(find(new FakeSystem(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
