/**
 * The reasons that the server closes a WebSocket. 1xxx codes are RFC 6455's, 44xx are Stepwire's: 440x to 442x after
 * the status of HTTP that means the same, 443x for a server or a client that cannot keep up, 444x for credentials.
 * `retry` says whether connecting again can help.
 */
export const CloseCode = {
  GoingAway: { code: 1001, reason: "Server stopping", retry: true },
  BinaryFrame: {
    code: 4400,
    reason: "Binary frames are not part of the protocol; send JSON text",
    retry: false,
  },
  Unauthorized: { code: 4401, reason: "Valid credentials are needed", retry: false },
  UnsupportedProtocol: {
    code: 4406,
    reason: "Unknown version of the protocol; this server speaks version 1",
    retry: false,
  },
  Unresponsive: { code: 4408, reason: "No answer to two heartbeats", retry: true },
  FrameTooLarge: { code: 4413, reason: "Frame larger than 1 MiB", retry: false },
  InvalidParameter: {
    code: 4422,
    reason: "The query parameter 'screenshots' must be inline, url or off",
    retry: false,
  },
  TooManyMessages: { code: 4429, reason: "Messages went on although they were refused", retry: false },
  ServerFull: { code: 4430, reason: "The server has as many connections as it may", retry: true },
  AddressFull: { code: 4431, reason: "Too many connections from this address", retry: true },
  Draining: {
    code: 4433,
    reason: "The server stops soon and starts nothing new; connect again to reach another",
    retry: true,
  },
  TooSlow: { code: 4432, reason: "Answers are not read", retry: true },
  CredentialsExpired: {
    code: 4440,
    reason: "The credentials have expired; connect with new ones",
    retry: true,
  },
  CredentialsRevoked: { code: 4441, reason: "The credentials were revoked", retry: false },
  TooManyFailedLogins: {
    code: 4442,
    reason: "Too many failed logins from this address; try again in a minute",
    retry: true,
  },
  LoginUnavailable: { code: 4443, reason: "The login cannot be checked at the moment", retry: true },
  TokenInUrl: {
    code: 4444,
    reason: "A token in a URL ends up in logs; send it as a header or a subprotocol",
    retry: false,
  },
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
