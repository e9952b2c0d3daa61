import type { CloseCode } from "../protocol/close-codes.js";

export interface SendOptions {
  /** True when it may be compressed on its way. @defaultValue true */
  compress?: boolean;
  /** Called when the frame has been handed to the network, or never will be. */
  onSent?: () => void;
}

/** One WebSocket, as the connection manager uses it. */
export interface Socket {
  /** Bytes that were sent and have not been handed to the network yet. */
  readonly bufferedAmount: number;
  /** Sends one text frame. Bytes are UTF-8 and must not be changed afterwards. */
  send(text: string | Uint8Array, options?: SendOptions): void;
  /** Sends everything that `send` is called with meanwhile as one piece, which costs far less than each alone. */
  together(send: () => void): void;
  /** Takes no frame until `resume`; what the client sends meanwhile waits in the network. */
  pause(): void;
  resume(): void;
  close(reason: CloseCode): void;
  /** Drops the socket without waiting for the other side. */
  terminate(): void;
  ping(): void;
  onMessage(listener: (text: string, isBinary: boolean) => void): void;
  onPong(listener: () => void): void;
  /** Called once, however the socket ends. */
  onClose(listener: (code: number) => void): void;
}
