/** Permissions that a test can set, by their names in https://www.w3.org/TR/permissions/ and the specifications after it. */
export type PermissionName =
  | "geolocation"
  | "notifications"
  | "camera"
  | "microphone"
  | "midi"
  | "persistent-storage"
  | "screen-wake-lock"
  | "window-management"
  | "local-fonts"
  | "idle-detection"
  | "storage-access"
  | "clipboard-read"
  | "clipboard-write";

export type PermissionState = "granted" | "denied" | "prompt";

/** One change of the surroundings that pages find: each takes the place of the one of its kind before. */
export type EmulationChange =
  | { what: "permission"; name: PermissionName; state: PermissionState }
  /** @param accuracy in metres */
  | { what: "geolocation"; latitude: number; longitude: number; accuracy: number }
  /** @param scale physical pixels to a CSS pixel */
  | {
      what: "device";
      width: number;
      height: number;
      scale: number;
      isMobile: boolean;
      hasTouch: boolean;
    }
  /** The zoom of pages as people set it in the browser. @param factor 1 for none */
  | { what: "zoom"; factor: number }
  /** @param locale such as `de-CH`, for `Intl`, `navigator.language` and the header `Accept-Language` */
  | { what: "locale"; locale: string }
  /** @param timeZone a name of the IANA time zone database */
  | { what: "time-zone"; timeZone: string }
  | { what: "user-agent"; userAgent: string }
  /** @param features values by the names of media features, such as `prefers-color-scheme` */
  | { what: "media"; type: "screen" | "print" | undefined; features: Readonly<Record<string, string>> }
  | { what: "network"; network: NetworkConditions };

export interface NetworkConditions {
  isOffline: boolean;
  /** Least time until an answer begins, in milliseconds. */
  latencyMs: number;
  /** Bytes a second; no limit unless given. */
  download?: number | undefined;
  upload?: number | undefined;
}

/**
 * The surroundings that pages find: the device, the place, the language and so on. They hold for every window and frame
 * of the session, also for those to come, and end with the session.
 */
export interface PageEmulation {
  /** @throws PageError `protocol` when this browser or its driver cannot, with the remedy */
  apply(change: EmulationChange, signal: AbortSignal): Promise<void>;
}
