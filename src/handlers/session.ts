import type { Handlers } from "../connection/router.js";
import { CloseCode } from "../protocol/close-codes.js";
import { AppError } from "../protocol/errors.js";
import { MAX_FRAME_BYTES } from "../protocol/limits.js";
import { PROTOCOL_VERSION } from "../protocol/session-messages.js";

/** Features that a client may count on, beside the messages of the fixed contract. */
const FEATURES = ["cancel", "pause", "retries", "subscribe", "screenshot_modes", "event_stream"];

/** Limits of how often a client may ask; `undefined` for no limit. */
export interface SessionLimits {
  messagesPerSecond?: number | undefined;
  messageBurst?: number | undefined;
  generationsPerHour?: number | undefined;
}

/** The message that a client may begin with. */
export function sessionHandlers(limits: SessionLimits): Pick<Handlers, "hello"> {
  return {
    async hello({ protocol, screenshots }, { client, isFirst, reply }) {
      if (protocol !== PROTOCOL_VERSION) {
        client.close(CloseCode.UnsupportedProtocol);
        return;
      }
      // Events may be on their way already; how their pictures come must not change between two of them.
      if (!isFirst)
        throw new AppError("unexpected_hello", "'hello' must be the first message of a connection.");
      client.choose(screenshots);
      reply({
        type: "welcome",
        connection_id: client.id,
        protocol: PROTOCOL_VERSION,
        screenshots: client.screenshots,
        limits: {
          max_frame_bytes: MAX_FRAME_BYTES,
          send_buffer_bytes: client.outbox.limit,
          messages_per_second: limits.messagesPerSecond ?? null,
          message_burst: limits.messageBurst ?? null,
          generations_per_hour: limits.generationsPerHour ?? null,
        },
        features: FEATURES,
      });
    },
  };
}
