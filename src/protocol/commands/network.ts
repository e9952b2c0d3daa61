import { z } from "zod";
import { command } from "./command.js";
import {
  hasPlaceholder,
  HttpUrl,
  matching,
  NonEmptyText,
  since,
  Text,
  verifying,
  waiting,
} from "./fields.js";

/** Most requests that a rule may be limited to, or a check expect. */
const MOST_TIMES = 10_000;

/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HeaderName = z.string().max(200).regex(TOKEN, { error: "must be the name of a header" });
const HeaderValue = Text.refine((value) => hasPlaceholder(value) || !/[\r\n\0]/.test(value), {
  error: "must be one line",
});

/** Kinds of requests, in Playwright's words. */
export const ResourceType = z.enum([
  "document",
  "stylesheet",
  "image",
  "media",
  "font",
  "script",
  "fetch",
  "eventsource",
  "websocket",
  "manifest",
  "ping",
  "other",
]);
/** `fetch` is also `XMLHttpRequest`, which a person cannot tell from it. */
export type ResourceType = z.infer<typeof ResourceType>;

const Method = NonEmptyText.refine((value) => hasPlaceholder(value) || TOKEN.test(value), {
  error: "must be an HTTP method, such as 'POST'",
});

const UrlPattern = NonEmptyText.describe(
  "The whole address: `*` stands for any characters but `/`, `**` for any, `{a,b}` for `a` or `b`; one that begins with `/` is compared with path and query, whatever the host.",
);

/** The requests that a command is about. */
const requests = {
  url: UrlPattern,
  method: Method.optional().describe("Any unless given."),
  resource_type: ResourceType.optional().describe(
    "What the page wants it for; `fetch` is also `XMLHttpRequest`. Any unless given.",
  ),
};

const times = {
  times: z
    .int()
    .min(1)
    .max(MOST_TIMES)
    .optional()
    .describe("For so many requests, the next ones; for all that come unless given."),
};

/** The requests that a check is about. */
const sent = {
  ...requests,
  status: z
    .int()
    .min(100)
    .max(599)
    .optional()
    .describe("The HTTP status with which it was answered; any, and none yet, unless given."),
  expected_body: NonEmptyText.optional().describe("What it has sent; anything unless given."),
  ...matching("contains"),
};

export const network = {
  block_requests: command({
    action: "block_requests",
    description:
      "Lets no more requests to an address out, as a person's blocker would; pages see that the network failed.",
    fields: { ...requests, ...times, ...waiting },
    example: { url: "https://*.tracker.example/**" },
    offered: false,
  }),

  mock_response: command({
    action: "mock_response",
    description:
      "Answers requests to an address in place of their server, from now on to the end of the run. A later rule for the same request goes first.",
    fields: {
      ...requests,
      status: z.int().min(200).max(599).optional().describe("The HTTP status; 200 unless given."),
      headers: z
        .record(HeaderName, HeaderValue)
        .optional()
        .describe("Headers by their names. `Content-Type` is guessed unless given."),
      body: Text.optional().describe("Empty unless given."),
      file: NonEmptyText.optional().describe("A file of the upload folder (`UPLOADS_DIR`) as the body."),
      ...times,
      ...waiting,
    },
    rules: [
      {
        holds: ({ body, file }) => body === undefined || file === undefined,
        words: "takes only one of 'body' and 'file'",
      },
    ],
    example: { url: "**/api/orders*", status: 500, body: '{"error": "database is down"}' },
    offered: false,
  }),

  clear_request_rules: command({
    action: "clear_request_rules",
    description: "Takes back every `block_requests` and `mock_response` of the run.",
    fields: { ...waiting },
    example: {},
    offered: false,
  }),

  wait_for_request: command({
    action: "wait_for_request",
    description: "Waits until the page has sent a request since the last command that acts began.",
    fields: {
      ...sent,
      count: z.int().min(1).max(MOST_TIMES).optional().describe("At least so many; 1 unless given."),
      ...since,
      ...waiting,
    },
    example: { url: "**/api/orders", method: "POST", status: 201 },
    offered: false,
  }),

  verify_request: command({
    action: "verify_request",
    description:
      "Passes once the page has sent a request since the last command that acts began. With `count` or `not` it looks on for half a second.",
    fields: {
      ...sent,
      count: z
        .int()
        .min(0)
        .max(MOST_TIMES)
        .optional()
        .describe("Exactly so many, 0 for none; at least one unless given."),
      ...since,
      ...verifying,
    },
    rules: [
      {
        holds: ({ count, not }) => count === undefined || not !== true,
        words: "takes only one of 'count' and 'not'",
      },
    ],
    example: { url: "**/api/orders", method: "POST", expected_body: '"amount":3', count: 1 },
    offered: false,
  }),

  verify_console: command({
    action: "verify_console",
    description:
      "Passes when no error was written to the console since the last command that acts began, by a script or the browser, and none is in the next half a second.",
    fields: {
      level: z
        .enum(["error", "warning"])
        .optional()
        .describe("The least level that counts; `error` unless given."),
      ignore: z
        .array(NonEmptyText)
        .max(50)
        .optional()
        .describe(
          "Messages that do not count, by their text or the address from which they come; compared as `match` says.",
        ),
      ...matching("contains"),
      ...since,
      soft: verifying.soft,
      ...waiting,
    },
    example: { since: "run", ignore: ["favicon.ico"] },
    offered: false,
  }),

  set_http_credentials: command({
    action: "set_http_credentials",
    description:
      "Answers the login that a server asks the browser itself for (HTTP `Basic`, `Digest` and the like), to the end of the run.",
    fields: {
      origin: HttpUrl.describe("The server: scheme, host and port, such as `https://test.example`."),
      username: Text,
      password: Text,
      ...waiting,
    },
    example: { origin: "https://test.example", username: "tester", password: "${secret.TEST_SYSTEM}" },
    offered: false,
  }),
};
