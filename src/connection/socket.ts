import type { CloseCode } from "../protocol/close-codes.js";

/** One WebSocket, as the connection manager uses it. */
export interface Socket {
  send(text: string): void;
  close(reason: CloseCode): void;
  /** Drops the socket without waiting for the other side. */
  terminate(): void;
  ping(): void;
  onMessage(listener: (text: string, isBinary: boolean) => void): void;
  onPong(listener: () => void): void;
  /** Called once, however the socket ends. */
  onClose(listener: (code: number) => void): void;
}
