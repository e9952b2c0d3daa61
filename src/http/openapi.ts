import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { RouteOptions } from "fastify";
import { STATUS_CODES } from "node:http";
import { SCOPES } from "../protocol/scopes.js";
import { ruleOf } from "./access.js";
import { commandComponents } from "./command-components.js";
import { OPERATION_IDS } from "./operation-ids.js";
import type { Routes } from "./routes/routes.js";
import { DOCUMENTATION_POLICY } from "./security-headers.js";
import { SESSION_COOKIE } from "./session-cookie.js";

const SECURITY_SCHEMES = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "An API token, or a JSON Web Token. None is needed as long as none is configured.",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: SESSION_COOKIE,
    description: "What `POST /api/session` gives a browser. Changes also need the header `X-CSRF-Token`.",
  },
} as const;

/** Documents every route that is added to the scope afterwards. */
export async function registerOpenApi(app: Routes): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Stepwire",
        version: "1",
        description: [
          "Test cases, runs and artifacts. Tests are run over the WebSocket, not here.",
          "What a token may be used for:",
          ...Object.entries(SCOPES).map(([scope, meaning]) => `- \`${scope}\`: ${meaning}`),
        ].join("\n"),
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => polish(jsonSchemaTransformObject(document)),
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    // Without this the page sends the document to validator.swagger.io.
    uiConfig: { validatorUrl: null },
    // The package's own policy upgrades requests to https, which a server without a certificate does not have.
    staticCSP: DOCUMENTATION_POLICY,
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

/** Says which credentials a route needs; for those of `http` and `apiKey` OpenAPI 3.1 takes scopes as their roles. */
export function documentAccess(route: Pick<RouteOptions, "method" | "url" | "schema">): void {
  const access = ruleOf(String(route.method), route.url)?.access;
  if (access === undefined || access === "open" || access === "socket" || !route.schema) return;
  const scopes = access === "login" ? [] : [access];
  route.schema.security = Object.keys(SECURITY_SCHEMES).map((name) => ({ [name]: scopes }));
}

type Document = ReturnType<typeof jsonSchemaTransformObject>;

/** A part of a JSON Schema. */
type Schema = Record<string, unknown>;

interface Operation {
  operationId?: string;
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string }>;
}

/** The parts of an OpenAPI 3 document that are polished. */
interface Parts {
  components: { schemas: Record<string, unknown> };
  paths: Record<string, Record<string, Operation>>;
}

const MEANING: Record<string, string | undefined> = {
  ...STATUS_CODES,
  "4XX": "The request cannot be carried out.",
  "5XX": "This server, or one that it needs, failed.",
};

/**
 * Gives scripts their type, drops components that nothing refers to, says what each status means, and which bodies may
 * be left out.
 */
function polish(document: Document): Document {
  // The cast holds because this is an OpenAPI 3 document of routes that all declare their answers.
  const { components, paths } = document as unknown as Parts;
  Object.assign(components.schemas, commandComponents(componentUri));
  typeScripts(components.schemas);
  typeScripts(paths);
  for (;;) {
    const text = JSON.stringify({ components, paths });
    const unused = Object.keys(components.schemas).filter(
      (name) => !text.includes(`"#/components/schemas/${name}"`),
    );
    if (unused.length === 0) break;
    for (const name of unused) Reflect.deleteProperty(components.schemas, name);
  }
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      operations[method] = named(operation, method, path);
    }
  }
  for (const { responses, requestBody } of Object.values(paths).flatMap((path) => Object.values(path))) {
    if (requestBody !== undefined) allowNone(requestBody);
    for (const [status, response] of Object.entries(responses)) {
      if (response.description === "Default Response") {
        response.description = MEANING[status] ?? response.description;
      }
    }
  }
  return document;
}

const componentUri = (name: string) => `#/components/schemas/${name}`;

/** A route of two methods is one to Fastify, but two operations in the document. */
function named(operation: Operation, method: string, path: string): Operation {
  const operationId = OPERATION_IDS[`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`];
  return operationId === undefined ? operation : { operationId, ...operation };
}

/** A body that may be null may be left out as well, and nobody sends null. */
function allowNone(body: NonNullable<Operation["requestBody"]>): void {
  for (const content of Object.values(body.content)) {
    const options = content.schema["anyOf"];
    if (!Array.isArray(options)) continue;
    const others = (options as Schema[]).filter(({ type }) => type !== "null");
    if (others.length === options.length || others[0] === undefined) continue;
    content.schema = others.length === 1 ? others[0] : { ...content.schema, anyOf: others };
    body.required = false;
  }
}

/** The routes take a script as JSON of any kind and say by themselves what is wrong with it; here it has its type. */
function typeScripts(part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  for (const [key, inner] of Object.entries(part)) {
    if (key === "selenium_script_json" || key === "script") typeCommands(inner as Schema);
    else typeScripts(inner);
  }
}

function typeCommands(part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  if ("type" in part && part.type === "array")
    Object.assign(part, { items: { $ref: componentUri("Command") } });
  else for (const inner of Object.values(part)) typeCommands(inner);
}
