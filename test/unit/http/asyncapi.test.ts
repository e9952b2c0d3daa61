import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";
import fastify from "fastify";
import { expect, test } from "vitest";
import { buildAsyncApi } from "../../../src/http/asyncapi.js";
import { registerHttp } from "../../../src/http/index.js";
import type { HttpDependencies } from "../../../src/http/dependencies.js";
import { CloseCode } from "../../../src/protocol/close-codes.js";
import { CLIENT_MESSAGES, ServerMessage } from "../../../src/protocol/messages.js";

/** The severity of a diagnostic that makes a document invalid. */
const ERROR = 0;

const CLIENT_TYPES = Object.keys(CLIENT_MESSAGES).sort();
const SERVER_TYPES = ServerMessage.options.map((schema): string => schema.shape.type.value).sort();

/** The document as it is on the wire. Of any type, for its own is only as precise as the server needs it. */
const built = JSON.parse(JSON.stringify(buildAsyncApi()));

// Once for all tests: the parser takes seconds on a machine that has other work.
const { errors, document } = await parse(built);

test("the server serves the document, and it is the one that is checked in (npm run generate)", async () => {
  const app = fastify();
  // Routes use their dependencies only when a request comes, and this one uses none.
  await registerHttp(app, {} as HttpDependencies);
  const response = await app.inject("/asyncapi.json");
  await app.close();

  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual(built);
  expect(JSON.parse(await readFile("docs/generated/asyncapi.json", "utf8"))).toEqual(built);
});

test("the document is valid AsyncAPI 3", () => {
  expect(errors).toEqual([]);
  expect(document?.version()).toBe("3.0.0");
  const addresses = document?.channels().all();
  expect(addresses?.map((channel) => channel.address())).toEqual(["/ws/execute-step"]);
});

test("a document with a wrong JSON Schema in it would be found out", { timeout: 60_000 }, async () => {
  const broken = structuredClone(built);
  broken.components.schemas.Cancel.type = "text";

  expect((await parse(broken)).errors).not.toEqual([]);
});

test("every message is described under its own type", () => {
  const types = [...CLIENT_TYPES, ...SERVER_TYPES];

  expect(ids(document?.channels().get("connection")?.messages())).toEqual([...types].sort());
  for (const type of types) {
    const { name, summary, payload } = built.components.messages[type];
    const { properties } = lookUp(payload.$ref) as { properties: { type: { const: string } } };
    expect({ name, type: properties.type.const }).toEqual({ name: type, type });
    expect(summary).toBeTruthy();
  }
});

test("the server receives every message of a client, and sends or answers with every one of its own", () => {
  const operations = document?.operations().all() ?? [];

  const received = operations.filter((operation) => operation.isReceive());
  expect(received.flatMap((operation) => ids(operation.messages())).sort()).toEqual(CLIENT_TYPES);
  const answers = received.flatMap((operation) => ids(operation.reply()?.messages()));
  const unasked = operations
    .filter((operation) => operation.isSend())
    .flatMap((operation) => ids(operation.messages()));
  expect([...new Set([...answers, ...unasked])].sort()).toEqual(SERVER_TYPES);
  for (const operation of received) expect(operation.reply()?.messages().isEmpty()).toBe(false);
});

test("every reference leads somewhere, and no shared schema is left without one", () => {
  const targets = new Set(references(built));

  expect([...targets].filter((target) => lookUp(target) === undefined)).toEqual([]);
  const schemas = Object.keys(built.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(schemas.filter((schema) => !targets.has(schema))).toEqual([]);
});

test("every close code is listed", () => {
  expect(built.channels.connection["x-close-codes"]).toEqual(
    Object.entries(CloseCode).map(([name, closeCode]) => ({ name, ...closeCode })),
  );
});

async function parse(value: unknown) {
  // The parser fetches what a reference to another place names, so there must be none.
  expect(references(value).filter((reference) => !reference.startsWith("#/"))).toEqual([]);
  const result = await new Parser().parse(JSON.stringify(value));
  const isError = ({ severity }: { severity: number }) => severity === ERROR;
  return { errors: result.diagnostics.filter(isError), document: result.document };
}

/** The target of every `$ref` in a value. */
function references(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? "");
}

function lookUp(reference: string): unknown {
  const keys = reference.slice("#/".length).split("/");
  return keys.reduce((value, key) => value?.[key], built);
}

function ids(messages: { all(): { id(): string | undefined }[] } | undefined): (string | undefined)[] {
  return (messages?.all() ?? []).map((message) => message.id()).sort();
}
