import type { EmulationChange } from "../runner/ports.js";
import type { DevToolsMethod, DevToolsParams } from "./devtools-protocol.js";

/** A DevTools command for each session of a page's targets. */
export interface DevToolsCall {
  method: DevToolsMethod;
  params: object;
}

/** In CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The viewport of a window that nobody has resized. */
export const VIEWPORT: Size = { width: 1280, height: 720 };

const USUAL_DEVICE = { ...VIEWPORT, scale: 1, isMobile: false };

type Change = Exclude<EmulationChange, { what: "permission" }>;
type ChangeOf<W extends Change["what"]> = Extract<Change, { what: W }>;

/** The touch points of a phone. */
const TOUCH_POINTS = 5;

/** The changes that a session has been asked for, the last of each kind, as DevTools commands. */
export class EmulatedSurroundings {
  readonly #changes = new Map<string, Change>();

  /** True while the pointer is a finger. */
  get hasTouch(): boolean {
    return this.#last("device")?.hasTouch === true;
  }

  /**
   * The metrics of a window's viewport, for `Emulation.setDeviceMetricsOverride`. A page that is zoomed finds fewer CSS
   * pixels in it, and more physical ones to each.
   *
   * @param size that a window was given in place of its device's, as without zoom
   */
  metrics(size?: Size): DevToolsParams<"Emulation.setDeviceMetricsOverride"> {
    const { width, height, scale, isMobile } = { ...USUAL_DEVICE, ...this.#last("device"), ...size };
    const zoom = this.#last("zoom")?.factor ?? 1;
    return {
      width: Math.round(width / zoom),
      height: Math.round(height / zoom),
      deviceScaleFactor: scale * zoom,
      mobile: isMobile,
    };
  }

  /** Takes note of a change. @returns the commands that make it, beside {@link metrics} for each window */
  change(change: Change): DevToolsCall[] {
    const before = this.#last("media");
    const isMore = change.what === "media" && before !== undefined;
    const whole = isMore
      ? { ...change, type: change.type ?? before.type, features: { ...before.features, ...change.features } }
      : change;
    this.#changes.set(change.what, whole);
    return this.#callsOf(whole);
  }

  /** The commands that bring a new session to where the others are, beside {@link metrics} for a window's. */
  get calls(): DevToolsCall[] {
    return [...this.#changes.values()].flatMap((change) => this.#callsOf(change));
  }

  #last<W extends Change["what"]>(what: W): ChangeOf<W> | undefined {
    return this.#changes.get(what) as ChangeOf<W> | undefined; // Each is kept under its own kind.
  }

  #callsOf(change: Change): DevToolsCall[] {
    switch (change.what) {
      case "geolocation": {
        const { latitude, longitude, accuracy } = change;
        return [call("Emulation.setGeolocationOverride", { latitude, longitude, accuracy })];
      }
      case "device":
        return [
          call("Emulation.setTouchEmulationEnabled", {
            enabled: change.hasTouch,
            ...(change.hasTouch && { maxTouchPoints: TOUCH_POINTS }),
          }),
        ];
      case "zoom":
        return [];
      case "locale":
        return [call("Emulation.setLocaleOverride", { locale: change.locale }), this.#userAgent()];
      case "time-zone":
        return [call("Emulation.setTimezoneOverride", { timezoneId: change.timeZone })];
      case "user-agent":
        return [this.#userAgent()];
      case "media":
        return [
          call("Emulation.setEmulatedMedia", {
            media: change.type ?? "",
            features: Object.entries(change.features).map(([name, value]) => ({ name, value })),
          }),
        ];
      case "network":
        return [networkCall(change)];
    }
  }

  /** Name and language go by one command. An empty name leaves the browser its own. */
  #userAgent(): DevToolsCall {
    const userAgent = this.#last("user-agent")?.userAgent ?? "";
    const acceptLanguage = this.#last("locale")?.locale;
    return call("Emulation.setUserAgentOverride", {
      userAgent,
      ...(acceptLanguage !== undefined && { acceptLanguage }),
      ...(userAgent !== "" && { userAgentMetadata: hintsOf(userAgent) }),
    });
  }
}

function networkCall({ network }: ChangeOf<"network">): DevToolsCall {
  const { isOffline, latencyMs, download, upload } = network;
  return call("Network.emulateNetworkConditions", {
    offline: isOffline,
    latency: latencyMs,
    // -1 is no limit.
    downloadThroughput: download ?? -1,
    uploadThroughput: upload ?? -1,
  });
}

/** The client hints that suit a name: https://wicg.github.io/ua-client-hints/ */
function hintsOf(userAgent: string) {
  const platform = PLATFORMS.find(([sign]) => sign.test(userAgent))?.[1] ?? "";
  const mobile = /\bMobi/.test(userAgent);
  return { platform, platformVersion: "", architecture: "", model: "", mobile };
}

const PLATFORMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];

function call<M extends DevToolsMethod>(method: M, params: DevToolsParams<M>): DevToolsCall {
  return { method, params };
}

/**
 * Tells whether a session refused a change only because another one of the same process has made it: locale and time
 * zone are those of a whole process, and all its sessions are of one page or of pages that are to have the same.
 */
export function isInEffect(error: unknown): boolean {
  return error instanceof Error && error.message.includes("override is already in effect");
}
