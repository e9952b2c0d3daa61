/**
 * Why the server closes a WebSocket. 1xxx codes are RFC 6455's, 44xx are Stepwire's.
 * `retry` says whether connecting again can help.
 */
export const CloseCode = {
  GoingAway: { code: 1001, reason: "Server stopping", retry: true },
  BinaryFrame: {
    code: 4400,
    reason: "Binary frames are not part of the protocol; send JSON text",
    retry: false,
  },
  Unresponsive: { code: 4408, reason: "No answer to two heartbeats", retry: true },
  FrameTooLarge: { code: 4413, reason: "Frame larger than 1 MiB", retry: false },
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
