import type { Logger } from "pino";
import type { Credentials, EndReason, Login, WatchCredentials } from "../auth/ports.js";
import { CloseCode } from "../protocol/close-codes.js";
import { AppError } from "../protocol/errors.js";
import { ScreenshotMode } from "../protocol/session-messages.js";
import type { ConnectionManager } from "./connection-manager.js";
import type { Socket } from "./socket.js";

const END: Record<EndReason, CloseCode> = {
  expired: CloseCode.CredentialsExpired,
  revoked: CloseCode.CredentialsRevoked,
  login_needed: CloseCode.Unauthorized,
};

export interface AdmissionOptions {
  connections: ConnectionManager;
  login: Login;
  watch: WatchCredentials;
  log: Logger;
}

export interface Visitor extends Credentials {
  /** True when its URL has a token in it. */
  hasTokenInUrl: boolean;
  /** The form of pictures that its URL asks for, as it stands there. @defaultValue the server's */
  screenshots?: unknown;
}

/**
 * Lets clients in. A browser cannot see why a handshake fails, so every socket is opened first, and closed with a
 * code that says why when it may not stay.
 */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Never rejects. Nothing that the client sends is read before it is known whose it is. */
  async admit(socket: Socket, visitor: Visitor): Promise<void> {
    const { connections, login, watch } = this.#options;
    const { address, hasTokenInUrl } = visitor;
    const place = connections.enter(address);
    if ("code" in place) {
      connections.refuse(socket, address, place);
      return;
    }
    socket.onClose(place.leave);
    if (hasTokenInUrl) {
      connections.refuse(socket, address, CloseCode.TokenInUrl);
      return;
    }
    const screenshots = ScreenshotMode.optional().safeParse(visitor.screenshots);
    if (!screenshots.success) {
      connections.refuse(socket, address, CloseCode.InvalidParameter);
      return;
    }
    socket.pause();
    try {
      const identity = await login(visitor);
      const connection = connections.connect(socket, place, identity, screenshots.data);
      const forget = watch(identity, (reason) => {
        connection.close(END[reason]);
      });
      connection.closed.addEventListener("abort", forget, { once: true });
    } catch (error) {
      connections.refuse(socket, address, this.#closeCodeOf(error));
    } finally {
      socket.resume();
    }
  }

  #closeCodeOf(error: unknown): CloseCode {
    const code = error instanceof AppError ? error.code : undefined;
    if (code === "unauthorized") return CloseCode.Unauthorized;
    if (code === "rate_limited") return CloseCode.TooManyFailedLogins;
    this.#options.log.error({ err: error }, "a login could not be checked");
    return CloseCode.LoginUnavailable;
  }
}
