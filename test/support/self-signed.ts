import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";

/** Made for tests alone: nobody trusts it, and its key protects nothing. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg648fuEfqL7tjzalI
f2I7MKHEj9pJIjnTIRHNNLYoaxmhRANCAAS41hSusqAxZhwD66mLa8mAi0I118PB
VDjYiKXUN9qVaUiFLmg+DTDz5+BMSb4kNisnei4FZRzqr/JJhbvZU/ME
-----END PRIVATE KEY-----`;
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBhjCCASugAwIBAgIUF15vrdQ5oDzjkanD/a0kDvHgtRgwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMbm93aGVyZS50ZXN0MCAXDTI2MTEyOTA4NDk0M1oYDzIxMjYx
MTA1MDg0OTQzWjAXMRUwEwYDVQQDDAxub3doZXJlLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAS41hSusqAxZhwD66mLa8mAi0I118PBVDjYiKXUN9qVaUiF
Lmg+DTDz5+BMSb4kNisnei4FZRzqr/JJhbvZU/MEo1MwUTAdBgNVHQ4EFgQUoczB
tMYlYzsO8sYeYsEYQMMEZPAwHwYDVR0jBBgwFoAUoczBtMYlYzsO8sYeYsEYQMME
ZPAwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAhqV4ZfLFIPTA
ejJIIcGWVOJsysFgov1xVbQOgMwPPXICIQDb7/hvHgyF9On9J2LfV+sdJ4FPChhi
U0qJ99yHvp7BmA==
-----END CERTIFICATE-----`;

/**
 * A site whose certificate no browser accepts.
 *
 * @param html of its pages, by their path
 * @param ca the authority by which it asks everybody for a certificate; nobody unless given
 */
export async function startSelfSignedSite(
  html: (path: string, client: string | undefined) => string,
  ca?: string,
): Promise<{ url: string; otherUrl: string; close(): Promise<void> }> {
  const asks = ca === undefined ? {} : { ca, requestCert: true };
  const server = createServer({ key: KEY, cert: CERTIFICATE, ...asks }, (request, response) => {
    // A client that has shown none has no subject, whatever the types say.
    const { subject } = (request.socket as TLSSocket).getPeerCertificate() as { subject?: { CN: string } };
    const page = html(request.url ?? "", subject?.CN);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return {
    url: `https://127.0.0.1:${port}`,
    otherUrl: `https://localhost:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
