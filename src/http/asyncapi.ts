import { z } from "zod";
import { CloseCode } from "../protocol/close-codes.js";
import { ErrorCode } from "../protocol/errors.js";
import { GENERATION_EVENTS } from "../protocol/generation-messages.js";
import {
  ArtifactKind,
  ArtifactReference,
  CLIENT_MESSAGES,
  GeneratorName,
  OnFailure,
  RequestId,
  RunEvent,
  ServerMessage,
  Verdict,
  type ClientMessage,
} from "../protocol/messages.js";
import { PROTOCOL_VERSION, ScreenshotMode } from "../protocol/session-messages.js";
import { nameParts, pascalCase, withoutAddress } from "./schema-names.js";

/** Definitions that stand on their own, so that code made from the document has one type for each. */
const SHARED = {
  ArtifactKind,
  ArtifactReference,
  ErrorCode,
  GeneratorName,
  OnFailure,
  RequestId,
  ScreenshotMode,
  Verdict,
};

const SERVER_MESSAGES = Object.fromEntries(
  ServerMessage.options.map((schema) => [schema.shape.type.value, schema]),
);

type ServerType = ServerMessage["type"];

const runEvents: readonly ServerType[] = RunEvent.options.map((schema) => schema.shape.type.value);
const generationEvents: readonly ServerType[] = GENERATION_EVENTS.map((schema) => schema.shape.type.value);
const caseEvents = runEvents.filter((type) => !generationEvents.includes(type));
const stepEvents = caseEvents.filter((type) => type !== "all_steps_complete");
/** Those of a generation on the open page. */
const pageEvents: readonly ServerType[] = ["queued", "paused", "resumed", "log", "generation_progress"];

/** The answers to each request. A client that starts a run gets its events as the answer. */
const ANSWERS: Record<ClientMessage["type"], readonly ServerType[]> = {
  execute_step: [...stepEvents, "execution_error"],
  execute_all: [...caseEvents, "execution_error"],
  generate_test_case: [...pageEvents, "generation_complete", "generation_error"],
  generate_step_script: [...pageEvents, "step_script_generated", "generation_error"],
  cancel: ["cancel_accepted", "execution_error"],
  pause: ["pause_accepted", "execution_error"],
  resume: ["resume_accepted", "execution_error"],
  step: ["step_accepted", "execution_error"],
  hello: ["welcome", "execution_error"],
  // It is `unsubscribed` when an `unsubscribe` or another subscription overtook it.
  subscribe: ["subscribed", "unsubscribed", "execution_error"],
  unsubscribe: ["unsubscribed", "execution_error"],
};

/** Answers that also come unasked: to clients that watch a run, and about a frame that could not be read. */
const ALSO_UNASKED = new Set<ServerType>([...runEvents, "execution_error"]);

const CHANNEL = "connection";

/** An AsyncAPI document, with only the parts that this server uses. */
export type AsyncApiDocument = Record<string, unknown> & { asyncapi: "3.0.0" };

/**
 * Describes the WebSocket protocol from its schemas: https://www.asyncapi.com/docs/reference/specification/v3.0.0
 * Operations are the server's own: it receives requests, and sends unasked messages. Answers are in `reply`.
 */
export function buildAsyncApi(): AsyncApiDocument {
  const messages = { ...CLIENT_MESSAGES, ...SERVER_MESSAGES };
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Stepwire",
      version: String(PROTOCOL_VERSION),
      description:
        "Run test cases in a browser and watch them. Test cases are kept through REST, see `/docs`.",
    },
    defaultContentType: "application/json",
    servers: {
      local: {
        host: "localhost:8000",
        protocol: "ws",
        description: "A server with its default port; `wss` behind a proxy with a certificate.",
        security: [{ $ref: "#/components/securitySchemes/bearer" }],
      },
    },
    channels: {
      [CHANNEL]: {
        address: "/ws/execute-step",
        description: "The only endpoint. Every frame is text and holds one JSON object with a `type`.",
        servers: [{ $ref: "#/servers/local" }],
        messages: mapValues(messages, (_schema, type) => ({ $ref: `#/components/messages/${type}` })),
        bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
        "x-close-codes": Object.entries(CloseCode).map(([name, { code, reason, retry }]) => ({
          code,
          name,
          reason,
          retry,
        })),
      },
    },
    operations: { ...receiveOperations(), ...sendOperations() },
    components: {
      messages: mapValues(messages, (schema, type) => ({
        name: type,
        summary: schema.description,
        correlationId: { $ref: "#/components/correlationIds/request" },
        payload: reference(pascalCase(type)),
      })),
      schemas: jsonSchemas({ ...SHARED, ...withNames(messages) }),
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description:
            "An API token or a JSON Web Token, also as the subprotocol `stepwire.token.<base64url>` beside `stepwire.v1`. None is needed as long as none is configured.",
        },
      },
      correlationIds: {
        request: { location: "$message.payload#/request_id", description: RequestId.description },
      },
    },
  };
}

function receiveOperations(): Record<string, unknown> {
  const operations = Object.entries(ANSWERS).map(([type, answers]) => [
    `receive_${type}`,
    {
      action: "receive",
      channel: channelReference(),
      summary: CLIENT_MESSAGES[type as ClientMessage["type"]].description,
      messages: [messageReference(type)],
      reply: { channel: channelReference(), messages: answers.map(messageReference) },
    },
  ]);
  return Object.fromEntries(operations) as Record<string, unknown>;
}

function sendOperations(): Record<string, unknown> {
  const answers = new Set(Object.values(ANSWERS).flat());
  const unasked = ServerMessage.options.filter(
    ({ shape }) => !answers.has(shape.type.value) || ALSO_UNASKED.has(shape.type.value),
  );
  const operations = unasked.map(({ shape, description }) => [
    `send_${shape.type.value}`,
    {
      action: "send",
      channel: channelReference(),
      summary: description,
      messages: [messageReference(shape.type.value)],
    },
  ]);
  return Object.fromEntries(operations) as Record<string, unknown>;
}

/** Messages by the names of their types. */
function withNames(messages: Record<string, z.ZodType>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(messages).map(([type, schema]) => [pascalCase(type), schema]));
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const channelReference = () => ({ $ref: `#/channels/${CHANNEL}` });

const messageReference = (type: string) => ({ $ref: `#/channels/${CHANNEL}/messages/${type}` });

/** JSON Schemas by name that refer to the shared ones. AsyncAPI takes Draft 7 unless it is told otherwise. */
function jsonSchemas(named: Record<string, z.ZodType>): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    target: "draft-7",
    // The schema of the wire: fields with a default may be absent, and a later server may send fields unknown today.
    io: "input",
    uri: (id) => reference(id).$ref,
  });
  return mapValues(schemas, (schema, name) => nameParts(withoutAddress(schema), name));
}

function mapValues<V, R>(object: Record<string, V>, map: (value: V, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
