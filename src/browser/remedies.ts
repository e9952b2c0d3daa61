const REMEDIES: readonly [sign: RegExp, remedy: string][] = [
  [
    /\bERR_INVALID_AUTH_CREDENTIALS\b/,
    "the server asks the browser for a login, which set_http_credentials gives",
  ],
  [
    /\bERR_CERT_|\bnssBadCert\b/,
    "browsers of a server with IGNORE_CERTIFICATE_ERRORS=true open it all the same",
  ],
  [
    /\bERR_(?:BAD_SSL_CLIENT_AUTH_CERT|SSL_CLIENT_AUTH_CERT_NEEDED)\b/,
    "the server asks for a client certificate; CLIENT_CERTIFICATES names one for a host",
  ],
  [/\bERR_BLOCKED_BY_CLIENT\b/, "block_requests keeps it from being sent"],
];

/** A browser's words for a failure, with what can be done about it where people would not know. */
export function withRemedy(errorText: string): string {
  const remedy = REMEDIES.find(([sign]) => sign.test(errorText))?.[1];
  return remedy === undefined ? errorText : `${errorText} (${remedy})`;
}
