import type { Logger } from "pino";
import type { BrowserSession } from "../execution/ports.js";
import type { BrowserNetwork } from "./setup/network.js";
import type { BrowserKind } from "./setup/places.js";

/** A running browser, or a source of browsers, as the pool uses it. */
export interface BrowserProcess {
  /** Aborted, with an error that says why, once nothing in it can be reached any more. */
  readonly lost: AbortSignal;
  /** True when a browser is there, rather than only a source of browsers. */
  readonly isRunning: boolean;
  /** Sessions made so far, to retire a browser before it grows old. */
  readonly sessionsMade: number;
  /** True when its profile has grown so large that it should end once nobody uses it. */
  readonly isBloated?: boolean;
  /** Makes a session that shares nothing with the others. */
  newSession(): Promise<BrowserSession>;
  /** Ends everything that belongs to it, whatever state it is in. Sessions still held are lost. */
  close(): Promise<void>;
}

/** The options that every way to a browser needs. */
export interface LaunchOptions {
  kind: BrowserKind;
  headless: boolean;
  /** For a browser on another machine, which keeps to them itself; one of this machine has the network's proxy. */
  allowedHosts: readonly string[];
  /**
   * Lets WebRTC reach any address, past the rules for hosts.
   * @defaultValue false
   */
  directWebRtc?: boolean | undefined;
  /**
   * Opens pages whatever their certificate.
   * @defaultValue false
   */
  ignoreCertificateErrors?: boolean | undefined;
  /** Further switches of the browser's command line. @defaultValue none */
  switches?: readonly string[] | undefined;
  /** Further capabilities to ask a Selenium server for. @defaultValue none */
  capabilities?: Readonly<Record<string, unknown>> | undefined;
  /** The network through which a browser of this machine reaches everything. */
  network: BrowserNetwork;
  /** A Selenium server or Grid to use instead of a browser on this machine. */
  remoteUrl?: string;
  /** Names of variables that a browser of this machine gets beside those that every one needs. */
  environment?: readonly string[];
  /** Finds the browser and driver of this machine; rejects with the remedy when there is none. */
  find: (signal: AbortSignal) => Promise<{ binary: string; driver: string }>;
  log: Logger;
}

/** The browser, its driver, or the way to them is gone. */
export class BrowserLostError extends Error {
  override readonly name = "BrowserLostError";
}
