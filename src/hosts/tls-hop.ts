import type { Socket } from "node:net";
import { isIP } from "node:net";
import { connect, createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import { plainHost } from "./allowed-hosts.js";
import { certificateFor, type ClientCertificate } from "./client-certificates.js";
import { makeOwnCertificate } from "./own-certificate.js";
import type { Destination } from "./socks.js";

/** Longest time for a server to agree on TLS, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/** Both sides speak this, whatever else they could: what one has chosen the other would have to be told. */
const PROTOCOLS = ["http/1.1"];

/** A server was reached, and TLS with it failed. The message says why, for people. */
export class TlsHopError extends Error {
  override readonly name = "TlsHopError";
}

export interface TlsHopOptions {
  certificates: readonly ClientCertificate[];
  /** True when servers may have any certificate. */
  ignoreCertificateErrors: boolean;
}

/**
 * A place between browser and server at which TLS ends and begins anew, for the hosts that ask for a certificate: a
 * headless Chromium takes one neither by DevTools nor from a file. The browser meets a certificate made for this
 * process, and is told to accept that one key; the server's own is judged here.
 */
export class TlsHop {
  /** See {@link OwnCertificate.fingerprint}. */
  readonly fingerprint: string;
  readonly #options: TlsHopOptions;
  readonly #own: SecureContext;

  constructor(options: TlsHopOptions) {
    const { cert, key, fingerprint } = makeOwnCertificate("Stepwire");
    this.#options = options;
    this.#own = createSecureContext({ cert, key });
    this.fingerprint = fingerprint;
  }

  /** True for a destination that there is a certificate for. */
  serves(destination: Destination): boolean {
    return certificateFor(destination, this.#options.certificates) !== undefined;
  }

  /**
   * Begins TLS with a server.
   *
   * @throws TlsHopError; the connection is closed then
   */
  async begin(destination: Destination, server: Socket, signal: AbortSignal): Promise<TLSSocket> {
    const host = plainHost(destination.host);
    const { certificates, ignoreCertificateErrors } = this.#options;
    const secured = connect({
      socket: server,
      host,
      ...(isIP(host) === 0 && { servername: host }),
      secureContext: certificateFor(destination, certificates)?.context,
      ALPNProtocols: PROTOCOLS,
      rejectUnauthorized: !ignoreCertificateErrors,
    });
    try {
      await agreed(secured, signal);
      return secured;
    } catch (error) {
      secured.destroy();
      const { code = "", message } = error as NodeJS.ErrnoException;
      throw new TlsHopError(`TLS with ${host} failed: ${message}${code === "" ? "" : ` (${code})`}`, {
        cause: error,
      });
    }
  }

  /** The browser's end of the connection. */
  accept(client: Socket): TLSSocket {
    return new TLSSocket(client, { isServer: true, secureContext: this.#own, ALPNProtocols: PROTOCOLS });
  }
}

function agreed(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      reject(new Error("the browser has gone"));
    };
    const timer = setTimeout(() => {
      reject(new Error(`the server did not answer within ${HANDSHAKE_MS / 1000} s`));
    }, HANDSHAKE_MS);
    const settled = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    };
    signal.addEventListener("abort", end, { once: true });
    socket.once("secureConnect", () => {
      settled();
      resolve();
    });
    socket.once("error", (error: Error) => {
      settled();
      reject(error);
    });
    socket.once("close", () => {
      settled();
      reject(new Error("the server has closed the connection"));
    });
  });
}
