import { z } from "zod";
import { RequestId } from "./request-id.js";

/** The version of the protocol that this server speaks. */
export const PROTOCOL_VERSION = 1;

const request = { request_id: RequestId.optional() };
const RunId = z.string().min(1).max(64);

export const ScreenshotMode = z.enum(["inline", "url", "off"]);
/** The form of pictures for a client: in the message, as a URL, or none at all. */
export type ScreenshotMode = z.infer<typeof ScreenshotMode>;

// Client → server

export const Hello = z
  .strictObject({
    type: z.literal("hello"),
    protocol: z
      .int()
      .positive()
      .describe(`Version of the protocol that the client speaks: ${PROTOCOL_VERSION}.`),
    screenshots: ScreenshotMode.optional().describe(
      "How pictures are to come; as `SCREENSHOTS` says unless given.",
    ),
    ...request,
  })
  .describe(
    "Optional, and only as the first message: say which protocol is spoken and how pictures are to come.",
  );
export type Hello = z.infer<typeof Hello>;

export const Subscribe = z
  .strictObject({
    type: z.literal("subscribe"),
    run_id: RunId,
    after_seq: z
      .int()
      .nonnegative()
      .default(0)
      .describe("The last event that the client has; 0, the default, for all from the first."),
    ...request,
  })
  .describe("Watch a run, waiting, under way or over: its events so far, then those to come.");
export type Subscribe = z.infer<typeof Subscribe>;

export const Unsubscribe = z
  .strictObject({ type: z.literal("unsubscribe"), run_id: RunId, ...request })
  .describe("Watch a run no longer; it goes on.");
export type Unsubscribe = z.infer<typeof Unsubscribe>;

// Server → client

const limit = (unit: string) => z.number().nullable().describe(`${unit}; null: no limit.`);

export const Welcome = z
  .object({
    type: z.literal("welcome"),
    connection_id: z.string().describe("What the server's log calls this connection."),
    protocol: z.literal(PROTOCOL_VERSION),
    screenshots: ScreenshotMode.describe("How pictures come on this connection."),
    limits: z.object({
      max_frame_bytes: z.int().positive(),
      send_buffer_bytes: z.int().positive().describe("How far the client may fall behind; see `behind`."),
      messages_per_second: limit("Messages a second"),
      message_burst: limit("Messages that may come at once"),
      generations_per_hour: limit("Generations an hour"),
    }),
    features: z.array(z.string()).describe("What this server can beyond the first version of the protocol."),
    request_id: RequestId.optional(),
  })
  .describe("The answer to `hello`.");

export const Subscribed = z
  .object({
    type: z.literal("subscribed"),
    run_id: z.string(),
    after_seq: z.int().nonnegative(),
    live: z.boolean().describe("Whether the run is waiting or under way, on whichever server."),
    request_id: RequestId.optional(),
  })
  .describe("The events of the run with a higher `seq` than `after_seq` follow.");

export const Unsubscribed = z
  .object({ type: z.literal("unsubscribed"), run_id: z.string(), request_id: RequestId.optional() })
  .describe("No more events of the run follow.");

export const SubscriptionComplete = z
  .object({
    type: z.literal("subscription_complete"),
    run_id: z.string(),
    last_seq: z.int().nonnegative().describe("`seq` of the last event sent."),
    request_id: RequestId.optional().describe("That of the `subscribe`."),
  })
  .describe("The run is over and all its events are sent. Comes only after `subscribe`.");

export const Behind = z
  .object({
    type: z.literal("behind"),
    run_id: z.string(),
    last_seq: z.int().nonnegative().describe("`seq` of the last event sent: the `after_seq` to go on from."),
    request_id: RequestId.optional().describe(
      "That of the `subscribe`, or of the request that started the run.",
    ),
  })
  .describe("The client reads too slowly: the run is watched no longer. Subscribe again to go on.");

export const ScreenshotsDropped = z
  .object({
    type: z.literal("screenshots_dropped"),
    run_id: z.string(),
    count: z.int().positive(),
    request_id: RequestId.optional().describe(
      "That of the `subscribe`, or of the request that started the run.",
    ),
  })
  .describe("The client was slow, so that so many pictures came as their URL only (`image` is empty).");

/** The messages that a client may send about its connection. */
export const SESSION_REQUESTS = { hello: Hello, subscribe: Subscribe, unsubscribe: Unsubscribe } as const;

/** Messages of the server about a connection and its subscriptions. */
export const SESSION_ANSWERS = [
  Welcome,
  Subscribed,
  Unsubscribed,
  SubscriptionComplete,
  Behind,
  ScreenshotsDropped,
] as const;
