import { Builder, type WebDriver } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import * as edge from "selenium-webdriver/edge.js";
import * as firefox from "selenium-webdriver/firefox.js";
import { BROWSER_PREFERENCES, browserArguments, LOGGING } from "../setup/arguments.js";
import { firefoxArguments, firefoxPreferences } from "./firefox.js";
import { SCRIPT_TIMEOUT_MS } from "./scripts.js";
import type { BrowserKind } from "../setup/places.js";

/** Capability that asks for a WebSocket, by which our scripts get a world of their own; see `isolated-frames.ts`. */
const SOCKET = "webSocketUrl";
/** Capability that says what becomes of dialogs. */
const PROMPTS = "unhandledPromptBehavior";

/** Commands answer every dialog: https://www.w3.org/TR/webdriver2/#user-prompt-handler */
const NO_PROMPT_ANSWERED = { default: "ignore", beforeUnload: "ignore" };

interface DriverRequest {
  kind: BrowserKind;
  /** Address of the driver or Selenium server. */
  server: string;
  headless: boolean;
  directWebRtc?: boolean | undefined;
  ignoreCertificateErrors?: boolean | undefined;
  /** Further switches of the browser's command line. */
  switches?: readonly string[] | undefined;
  /** Further capabilities to ask a Selenium server for. */
  capabilities?: Readonly<Record<string, unknown>> | undefined;
  /** For a browser on another machine. */
  allowedHosts?: readonly string[];
  /** For a browser on this machine: see {@link browserArguments}. */
  proxyPort?: number;
  acceptedKey?: string | undefined;
  /** For a browser on this machine. */
  local?: { binary: string; profileFolder: string; downloads: string; devToolsPort: number };
}

/** Asks a driver or a Selenium server for a browser, with a WebSocket of the session's own where it knows of that. */
export async function newClassicDriver(request: DriverRequest): Promise<WebDriver> {
  const isChromium = request.kind !== "firefox";
  const offered: Offered = { hasSocket: isChromium, asksToLeave: isChromium };
  for (;;) {
    try {
      return await build(request, offered);
    } catch (error) {
      const message = error instanceof Error ? error.message : "";
      if (offered.hasSocket && message.includes(SOCKET)) offered.hasSocket = false;
      else if (offered.asksToLeave && message.includes(PROMPTS)) offered.asksToLeave = false;
      else throw error;
    }
  }
}

/** Things that older drivers do not know. */
interface Offered {
  hasSocket: boolean;
  /** Leaves the question whether to leave a page to the commands. */
  asksToLeave: boolean;
}

async function build(request: DriverRequest, { hasSocket, asksToLeave }: Offered): Promise<WebDriver> {
  const builder = new Builder().usingServer(request.server);
  const { kind } = request;
  if (kind === "firefox")
    return await builder.forBrowser("firefox").setFirefoxOptions(firefoxOptions(request)).build();
  if (kind === "edge") {
    const options = chromiumOptions(new edge.Options(), request);
    if (hasSocket) options.set(SOCKET, true);
    if (asksToLeave) options.set(PROMPTS, NO_PROMPT_ANSWERED);
    return await builder.forBrowser("MicrosoftEdge").setEdgeOptions(options).build();
  }
  const options = chromiumOptions(new chrome.Options(), request);
  if (hasSocket) options.set(SOCKET, true);
  if (asksToLeave) options.set(PROMPTS, NO_PROMPT_ANSWERED);
  return await builder.forBrowser("chrome").setChromeOptions(options).build();
}

function chromiumOptions<Options extends chrome.Options | edge.Options>(
  options: Options,
  { local, kind, ignoreCertificateErrors, capabilities, ...request }: DriverRequest,
): Options {
  options.addArguments(...browserArguments({ ...request, profileFolder: local?.profileFolder }));
  options.setUserPreferences(BROWSER_PREFERENCES);
  options.excludeSwitches(...LOGGING);
  if (local) {
    options.setBinaryPath(local.binary);
    options.addArguments(`--remote-debugging-port=${local.devToolsPort}`);
  }
  // The console, failed requests, downloads and the kinds of dialogs are known from its logs.
  const logs = { browser: "ALL", performance: "ALL" };
  options.set("goog:loggingPrefs", logs);
  if (kind === "edge") options.set("ms:loggingPrefs", logs);
  return withManners(options, { ignoreCertificateErrors, capabilities });
}

function firefoxOptions({
  headless,
  local,
  ignoreCertificateErrors,
  capabilities,
  switches = [],
  ...request
}: DriverRequest): firefox.Options {
  const options = new firefox.Options();
  options.addArguments(...firefoxArguments({ headless, profileFolder: local?.profileFolder }), ...switches);
  const preferences = firefoxPreferences({ ...request, downloads: local?.downloads });
  for (const [name, value] of Object.entries(preferences)) options.setPreference(name, value);
  if (local) options.setBinary(local.binary);
  return withManners(options, { ignoreCertificateErrors, capabilities });
}

/** Tells a browser how to wait and what to do about dialogs. */
function withManners<Options extends chrome.Options | edge.Options | firefox.Options>(
  options: Options,
  {
    ignoreCertificateErrors = false,
    capabilities = {},
  }: Pick<DriverRequest, "ignoreCertificateErrors" | "capabilities">,
): Options {
  for (const [name, value] of Object.entries(capabilities)) options.set(name, value);
  if (ignoreCertificateErrors) options.setAcceptInsecureCerts(true);
  // A wait inside the driver could not be cancelled; the page adapter waits by itself.
  options.set("pageLoadStrategy", "none");
  options.set("timeouts", { script: SCRIPT_TIMEOUT_MS });
  // Commands answer dialogs. A question whether to leave the page is accepted all the same, as the standard has it.
  options.set(PROMPTS, "ignore");
  return options;
}
