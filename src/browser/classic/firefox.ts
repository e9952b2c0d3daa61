import { CREDENTIAL_HOSTS } from "../../hosts/allowed-hosts.js";

/** Host names, `*.` in front for any subdomain, IPv6 with or without brackets. */
type Hosts = readonly string[];

/** Quiet, and equal everywhere. Names: https://searchfox.org/mozilla-central/source/testing/profiles */
const ALWAYS: Record<string, string | number | boolean> = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.discovery.enabled": false,
  "browser.newtabpage.activity-stream.feeds.topsites": false,
  "browser.newtabpage.enabled": false,
  "browser.region.network.url": "",
  "browser.safebrowsing.blockedURIs.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "browser.topsites.contile.enabled": false,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.disable_open_during_load": true,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "layout.css.devPixelsPerPx": "1.0",
  "media.gmp-manager.updateEnabled": false,
  "messaging-system.rsexperimentloader.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.http.speculative-parallel-limit": 0,
  "network.predictor.enabled": false,
  "network.prefetch-next": false,
  "services.settings.server": "data:,",
  "signon.rememberSignons": false,
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.server": "data:,",
  "toolkit.telemetry.unified": false,
};

/** A port that nothing listens on: connections to it are refused at once. */
const DEAD_PROXY = "PROXY 127.0.0.1:1";

interface FirefoxOptions {
  /** Port of 127.0.0.1 of the proxy that decides what may be reached; none for a browser on another machine. */
  proxyPort?: number | undefined;
  /** For a browser without that proxy. */
  allowedHosts?: Hosts | undefined;
  /** @defaultValue false: WebRTC is off, for it reaches addresses by itself */
  directWebRtc?: boolean | undefined;
  /** A folder of this browser's own for downloads; none for a browser on another machine. */
  downloads?: string | undefined;
}

/**
 * The preferences of a Firefox that tests pages.
 *
 * @throws RangeError when an allowed host is not a host name, an address or a `*.` pattern
 */
export function firefoxPreferences(options: FirefoxOptions): typeof ALWAYS {
  const { proxyPort, allowedHosts = [], directWebRtc = false, downloads } = options;
  return {
    ...ALWAYS,
    ...(proxyPort === undefined ? proxyScriptPreferences(allowedHosts) : proxyPreferences(proxyPort)),
    // Firefox by itself would go around the proxy where that fails, and for this machine.
    "network.proxy.failover_direct": false,
    "network.proxy.allow_hijacking_localhost": true,
    "network.proxy.no_proxies_on": "",
    // HTTP/3 and WebRTC reach a host without asking the proxy.
    "network.http.http3.enable": false,
    ...(!directWebRtc && { "media.peerconnection.enabled": false }),
    ...(downloads !== undefined && {
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
      "browser.download.useDownloadDir": true,
      "browser.download.always_ask_before_handling_new_types": false,
      "browser.download.manager.addToRecentDocs": false,
      "pdfjs.disabled": true,
    }),
  };
}

/** Everything goes through the proxy, which also looks names up. */
function proxyPreferences(port: number): typeof ALWAYS {
  return {
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": port,
    "network.proxy.socks_version": 5,
    "network.proxy.socks_remote_dns": true,
  };
}

/**
 * Firefox has no rules for its resolver as Chromium has: a script that chooses a proxy for each URL sends forbidden
 * requests to a proxy that is not there.
 */
function proxyScriptPreferences(allowedHosts: Hosts): typeof ALWAYS {
  return {
    "network.proxy.type": 2,
    "network.proxy.autoconfig_url": `data:application/x-ns-proxy-autoconfig,${encodeURIComponent(proxyScript(allowedHosts))}`,
  };
}

/** @returns the command line besides what geckodriver adds */
export function firefoxArguments(options: {
  headless: boolean;
  profileFolder?: string | undefined;
}): string[] {
  return [
    ...(options.headless ? ["-headless"] : []),
    ...(options.profileFolder === undefined ? [] : ["-profile", options.profileFolder]),
  ];
}

/** https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Proxy_servers_and_tunneling/Proxy_Auto-Configuration_PAC_file */
function proxyScript(allowedHosts: Hosts): string {
  const allowed = allowedHosts.map(checked);
  return `function FindProxyForURL(url, host) {
  var name = host.toLowerCase().replace(/^\\[|\\]$|\\.$/g, "");
  if (${JSON.stringify(CREDENTIAL_HOSTS)}.indexOf(name) >= 0) return "${DEAD_PROXY}";
  if (/^(169\\.254\\.|::ffff:(a9fe:|169\\.254\\.)|64:ff9b::a9fe:|fd00:ec2::)/.test(name)) return "${DEAD_PROXY}";
  var allowed = ${JSON.stringify(allowed)};
  if (allowed.length === 0) return "DIRECT";
  for (var i = 0; i < allowed.length; i++) {
    if (name === allowed[i]) return "DIRECT";
    if (allowed[i].indexOf("*.") === 0 && name.length > allowed[i].length - 1 &&
      name.slice(1 - allowed[i].length) === allowed[i].slice(1)) return "DIRECT";
  }
  return "${DEAD_PROXY}";
}`;
}

/** A host as the script compares it: in lower case, IPv6 without brackets. */
function checked(host: string): string {
  const pattern = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (!/^(?:\*\.)?[^\s,*~"\\]+$/.test(pattern))
    throw new RangeError(`Not a host that can be allowed: "${host}"`);
  return pattern;
}
