import { createHmac } from "node:crypto";

interface SignedMessage {
  id: string;
  body: string;
  /** The moment of the attempt, by which a receiver refuses messages that somebody has kept. */
  sentAt: Date;
}

/**
 * The headers that prove whom a message is from, with a signature for each secret while one replaces another.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  { id, body, sentAt }: SignedMessage,
  secrets: readonly Uint8Array[],
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const digest = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
    return `v1,${digest}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
