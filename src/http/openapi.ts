import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { RouteOptions } from "fastify";
import { STATUS_CODES } from "node:http";
import { SCOPES } from "../protocol/scopes.js";
import { ruleOf } from "./access.js";
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

/** The parts of an OpenAPI 3 document that are polished. */
interface Parts {
  components: { schemas: Record<string, unknown> };
  paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
}

const MEANING: Record<string, string | undefined> = {
  ...STATUS_CODES,
  "4XX": "The request cannot be carried out.",
  "5XX": "This server, or one that it needs, failed.",
};

/** Drops components that nothing refers to, and says what each status means. */
function polish(document: Document): Document {
  // The cast holds because this is an OpenAPI 3 document of routes that all declare their answers.
  const { components, paths } = document as unknown as Parts;
  for (;;) {
    const text = JSON.stringify({ components, paths });
    const unused = Object.keys(components.schemas).filter(
      (name) => !text.includes(`"#/components/schemas/${name}"`),
    );
    if (unused.length === 0) break;
    for (const name of unused) Reflect.deleteProperty(components.schemas, name);
  }
  for (const { responses } of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(responses)) {
      if (response.description === "Default Response") {
        response.description = MEANING[status] ?? response.description;
      }
    }
  }
  return document;
}
