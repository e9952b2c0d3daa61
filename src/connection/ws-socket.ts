import type { Duplex } from "node:stream";
import * as ws from "ws";
import { WebSocket, type PerMessageDeflateOptions } from "ws";
import { CloseCode } from "../protocol/close-codes.js";
import type { Socket } from "./socket.js";

/** Standard close code for a message that is too big: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const MESSAGE_TOO_BIG = 1009;

/** Smaller messages are never compressed, in bytes. */
const COMPRESSION_THRESHOLD = 1024;

/**
 * Compression of messages for clients that can take it. Without context takeover small frames go uncompressed
 * (`ws` looks at its threshold only then). A connection takes 32 KiB for deflate once it has sent a compressed
 * frame, (1 << (windowBits + 2)) + (1 << (memLevel + 9)), and as much to inflate once it got one
 * (https://www.zlib.net/zlib_tech.html); by default it would be 300.
 */
export const COMPRESSION: PerMessageDeflateOptions = {
  threshold: COMPRESSION_THRESHOLD,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  // Not clientMaxWindowBits: `ws` would refuse clients that cannot choose it, with HTTP 400.
  serverMaxWindowBits: 12,
  zlibDeflateOptions: { level: 3, memLevel: 5, chunkSize: 4096 },
  zlibInflateOptions: { chunkSize: 4096 },
  concurrencyLimit: 4,
};

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

/** The name of the protocol among the subprotocols that a client may offer. */
const SUBPROTOCOL = "stepwire.v1";
const TOKEN_PREFIX = "stepwire.token.";

/** The one of the offered subprotocols that is spoken; a token beside it is never sent back. */
export function chooseSubprotocol(offered: Set<string>): string | false {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL;
  return [...offered].find((name) => !name.startsWith(TOKEN_PREFIX)) ?? false;
}

/** `ws` makes its frames with this; its types leave it out. https://github.com/websockets/ws/blob/master/lib/sender.js */
const { Sender } = ws as unknown as {
  Sender: { frame: (data: Uint8Array, options: typeof TEXT_FRAME) => Buffer[] };
};

const TEXT_FRAME = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true } as const;

/** The frame around bytes in one piece. `ws` itself hands its header and the bytes to the network one by one. */
function frameOf(bytes: Uint8Array): Buffer {
  return Buffer.concat(Sender.frame(bytes, TEXT_FRAME));
}

/** Frames around bytes that go to more than one client, for as long as anybody has those bytes. */
const frames = new WeakMap<Uint8Array, Buffer>();

/**
 * The one frame around bytes, whoever they go to. A header for each client, handed on beside the bytes, costs half as
 * much again (400 clients: 14 µs a client instead of 10).
 */
function sharedFrame(bytes: Uint8Array): Buffer {
  let frame = frames.get(bytes);
  if (frame === undefined) {
    frame = frameOf(bytes);
    frames.set(bytes, frame);
  }
  return frame;
}

/** True when `ws` has nothing to send before, such as a message that is being compressed. */
function isIdle(socket: WebSocket, stream: Duplex | undefined): stream is Duplex {
  return (
    stream !== undefined &&
    socket.readyState === WebSocket.OPEN &&
    socket.bufferedAmount === stream.writableLength
  );
}

/**
 * The port to a real WebSocket.
 *
 * @param stream what carries it; a socket that is injected instead of connected has none to name
 */
export function toSocket(socket: WebSocket, stream: Duplex | undefined): Socket {
  // ws closes the socket after an error; without a listener the error would end the process.
  socket.on("error", () => undefined);
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (text, { compress = true, onSent } = {}) => {
      const isShort = text.length < COMPRESSION_THRESHOLD;
      const isOnePiece = isShort || (!compress && typeof text !== "string");
      if (!isOnePiece || !isIdle(socket, stream)) socket.send(text, { binary: false, compress }, onSent);
      else stream.write(typeof text === "string" ? frameOf(Buffer.from(text)) : sharedFrame(text), onSent);
    },
    together: (send) => {
      stream?.cork();
      try {
        send();
      } finally {
        stream?.uncork();
      }
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
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
