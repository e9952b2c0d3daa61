import { CREDENTIAL_HOSTS } from "../../hosts/allowed-hosts.js";
import { sandboxObstacle, thisProcess } from "./sandbox.js";

export interface BrowserArgumentsOptions {
  headless: boolean;
  /** A folder of this browser's own; Chromium creates it. None for a browser on another machine. */
  profileFolder?: string | undefined;
  /**
   * True when the browser runs as root, which Chromium's sandbox refuses.
   * @defaultValue whether this process does, for a browser on this machine
   */
  isRoot?: boolean | undefined;
  /** @defaultValue whether this process runs in one, for a browser on this machine */
  inContainer?: boolean | undefined;
  /** @defaultValue whether this process can make the namespaces that a sandbox consists of */
  hasNamespaces?: boolean | undefined;
  /** Port of 127.0.0.1 of the proxy that decides what may be reached; none for a browser on another machine. */
  proxyPort?: number | undefined;
  /**
   * SHA-256 in Base64 of the public key that the proxy may show for any host.
   * @defaultValue none is accepted but by its certificate
   */
  acceptedKey?: string | undefined;
  /**
   * For a browser without that proxy: host names, `*.` in front for any subdomain, IPv6 with or without brackets.
   * All hosts unless given.
   */
  allowedHosts?: readonly string[] | undefined;
  /**
   * Lets WebRTC reach any address by itself, past the proxy and the allowed hosts.
   * @defaultValue false
   */
  directWebRtc?: boolean | undefined;
  /** Further switches of the operator's. @defaultValue none */
  switches?: readonly string[] | undefined;
}

/**
 * Features that talk to Google's services, draw over the page, or do work that no test needs. The address bar would
 * load two pages of its own into each new window, for as much processor time as a short test takes. A spare process
 * would be started for each browser context, for a page of another site that may never come: without it such a page
 * comes 8 ms later, and a busy machine does 15 % more runs.
 */
const DISABLED_FEATURES = [
  "AutofillServerCommunication",
  "CertificateTransparencyComponentUpdater",
  "DialMediaRouteProvider",
  "InterestFeedContentSuggestions",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationGuideModelDownloading",
  "OptimizationHints",
  "OptimizationHintsFetching",
  "OptimizationTargetPrediction",
  "SpareRendererForSitePerProcess",
  "Translate",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
];

/** Quiet, equal everywhere, and not slower in a tab that nobody looks at. */
const ALWAYS = [
  "--disable-gpu",
  "--disable-quic",
  // A page that is gone back to is loaded again, as after any other navigation.
  "--disable-back-forward-cache",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-default-apps",
  "--disable-extensions",
  "--metrics-recording-only",
  "--disable-breakpad",
  "--disable-client-side-phishing-detection",
  "--disable-domain-reliability",
  // Trials of a build made for developers; the browsers that people have differ in them from day to day.
  "--disable-field-trial-config",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--password-store=basic",
  "--use-mock-keychain",
  "--force-color-profile=srgb",
  "--window-size=1280,720",
  // Nothing switches these two off (seen with Chromium 156): they get an address that is never looked up.
  "--gaia-url=https://accounts.invalid",
  "--component-updater=url-source=https://updates.invalid/",
];

/**
 * Settings that have no flag, for the driver to write into a fresh profile: the first tab is empty rather
 * than the search engine's page, and no typed password is looked up among leaked ones.
 */
export const BROWSER_PREFERENCES = {
  session: { restore_on_startup: 4, startup_urls: ["about:blank"] },
  credentials_enable_service: false,
  profile: { password_manager_enabled: false, password_manager_leak_detection: false },
  net: { network_prediction_options: 2 },
  search: { suggest_enabled: false },
  alternate_error_pages: { enabled: false },
} as const;

/**
 * Switches that chromedriver adds by itself and must not: with them the browser writes down, in its profile, all that
 * pages tell their console.
 */
export const LOGGING = ["enable-logging", "log-level"];

/** A name never resolved, by https://www.rfc-editor.org/rfc/rfc6761#section-6.4; the browser would still ask. */
const NO_HOSTS = "*.invalid";

/**
 * Hosts where clouds hand out credentials, for a browser that no proxy watches over. Its resolver sees a host as the
 * page wrote it, so each spelling that survives the URL parser needs its own pattern.
 */
const CREDENTIAL_PATTERNS = [
  "169.254.*",
  "::ffff:a9fe:*",
  "64:ff9b::a9fe:*",
  "fd00:ec2::*",
  "fd20:ce::254",
  "100.100.100.200",
  "168.63.129.16",
  ...CREDENTIAL_HOSTS.flatMap((host) => [host, `${host}.`]),
];

/**
 * The command line of a Chromium or Edge that tests pages: quiet, isolated, and kept to the allowed hosts in everything
 * that it loads, not only in the pages it opens.
 *
 * Without the proxy the rules are about host names: a name that is allowed may resolve to any address.
 *
 * @throws RangeError when an allowed host is not a host name, an address or a `*.` pattern.
 */
export function browserArguments(options: BrowserArgumentsOptions): string[] {
  const allowedHosts = (options.allowedHosts ?? []).map(resolverPattern);
  const { profileFolder } = options;
  const isHere = profileFolder !== undefined;
  const here = thisProcess();
  const inContainer = options.inContainer ?? (isHere && here.inContainer);
  const isRoot = options.isRoot ?? (isHere && here.isRoot);
  const hasNamespaces = () => options.hasNamespaces ?? here.hasNamespaces();
  const isUnsandboxed = sandboxObstacle({ isRoot, inContainer, hasNamespaces }) !== undefined;
  return [
    ...(options.headless ? ["--headless=new"] : []),
    ...ALWAYS,
    ...withDisabledFeatures(options.switches ?? []),
    ...(isHere ? [`--user-data-dir=${profileFolder}`] : []),
    ...(isUnsandboxed ? ["--no-sandbox"] : []),
    // Containers give /dev/shm 64 MB, which two busy tabs fill.
    ...(inContainer ? ["--disable-dev-shm-usage"] : []),
    ...(options.proxyPort === undefined
      ? ["--no-proxy-server", `--host-resolver-rules=${resolverRules(allowedHosts)}`]
      : proxyArguments(options.proxyPort)),
    ...(options.acceptedKey === undefined
      ? []
      : [`--ignore-certificate-errors-spki-list=${options.acceptedKey}`]),
    // WebRTC reaches an address without asking the resolver or a proxy. The headless shell knows the other flag.
    ...(options.directWebRtc === true ? [] : WEBRTC_POLICY),
  ];
}

const DISABLE_FEATURES = "--disable-features=";

/** The operator's switches and the features that are switched off: of several such switches the browser takes the last. */
function withDisabledFeatures(switches: readonly string[]): string[] {
  const isDisabling = (each: string) => each.startsWith(DISABLE_FEATURES);
  const theirs = switches.filter(isDisabling).map((each) => each.slice(DISABLE_FEATURES.length));
  const disabled = [...DISABLED_FEATURES, ...theirs].join(",");
  return [`${DISABLE_FEATURES}${disabled}`, ...switches.filter((each) => !isDisabling(each))];
}

/** Everything goes through the proxy, pages of this machine too; a request past it finds no host. */
function proxyArguments(port: number): string[] {
  return [
    `--proxy-server=socks5://127.0.0.1:${port}`,
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
  ];
}

const WEBRTC_POLICY = ["--webrtc-ip-handling-policy", "--force-webrtc-ip-handling-policy"].map(
  (flag) => `${flag}=disable_non_proxied_udp`,
);

function resolverRules(allowedHosts: string[]): string {
  const never = [NO_HOSTS, ...CREDENTIAL_PATTERNS].map((host) => `MAP ${host} ~NOTFOUND`);
  if (allowedHosts.length === 0) return never.join(" , ");
  // An exclusion wins over every mapping, so the services that hand out credentials must not get one.
  const allowed = allowedHosts.filter((host) => !handsOut(host));
  return [...never, "MAP * ~NOTFOUND", ...allowed.map((host) => `EXCLUDE ${host}`)].join(" , ");
}

/**
 * Lists, for a browser without the proxy, the services handing out credentials that an allowed pattern such as
 * `*.internal` takes out of the resolver's rules again. They are refused one by one, in the form of DevTools'
 * `Fetch.enable`.
 */
export function refusedUrls(allowedHosts: readonly string[]): string[] {
  const suffixes = allowedHosts.map(resolverPattern).filter((host) => host.startsWith("*."));
  const opened = CREDENTIAL_PATTERNS.filter((host) =>
    suffixes.some((suffix) => host.endsWith(suffix.slice(1))),
  );
  return opened.flatMap((host) => [`*://${host}/*`, `*://${host}:*`]);
}

function handsOut(host: string): boolean {
  return CREDENTIAL_PATTERNS.some((pattern) =>
    pattern.endsWith("*") ? host.startsWith(pattern.slice(0, -1)) : host === pattern,
  );
}

/** A host as the resolver compares it: in lower case, IPv6 without brackets. */
function resolverPattern(host: string): string {
  const pattern = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  // A comma or a blank would begin a rule of its own.
  if (!/^(?:\*\.)?[^\s,*~]+$/.test(pattern))
    throw new RangeError(`Not a host that can be allowed: "${host}"`);
  return pattern;
}
