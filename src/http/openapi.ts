import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { STATUS_CODES } from "node:http";
import type { Routes } from "./routes/routes.js";

/** Documents every route that is added to the scope afterwards. */
export async function registerOpenApi(app: Routes): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Stepwire",
        version: "1",
        description: "Test cases, runs and artifacts. Tests are run over the WebSocket, not here.",
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => polish(jsonSchemaTransformObject(document)),
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    // Without this the page sends the document to validator.swagger.io.
    uiConfig: { validatorUrl: null },
    // The package's own policy upgrades requests to https, which a server without a certificate does not have.
    staticCSP: {
      "default-src": "'self'",
      "img-src": ["'self'", "data:"],
      "style-src": ["'self'", "'unsafe-inline'"],
      "frame-ancestors": "'self'",
      "object-src": "'none'",
    },
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
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
