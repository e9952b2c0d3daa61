import WebSocket from "ws";
import { CloseCode } from "../protocol/close-codes.js";
import type { Socket } from "./socket.js";

/** Standard close code for a message that is too big: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const MESSAGE_TOO_BIG = 1009;

/**
 * Names the reason when `ws` itself refuses a frame by its length, which it does before it has read the frame,
 * so that a client learns Stepwire's own code however large its frame was.
 */
export class NamedCloseWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code !== MESSAGE_TOO_BIG) super.close(code, reason);
    else super.close(CloseCode.FrameTooLarge.code, CloseCode.FrameTooLarge.reason);
  }
}

/** The port to a real WebSocket. */
export function toSocket(socket: WebSocket): Socket {
  // ws closes the socket after an error; without a listener the error would end the process.
  socket.on("error", () => undefined);
  return {
    send: (text) => {
      socket.send(text);
    },
    close: ({ code, reason }) => {
      socket.close(code, reason);
    },
    terminate: () => {
      socket.terminate();
    },
    ping: () => {
      socket.ping();
    },
    onMessage: (listener) =>
      socket.on("message", (data: Buffer, isBinary) => {
        listener(data.toString(), isBinary);
      }),
    onPong: (listener) => socket.on("pong", listener),
    onClose: (listener) => socket.once("close", listener),
  };
}
