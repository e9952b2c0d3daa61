import { z } from "zod";
import type { HttpDependencies } from "../ports.js";
import * as schemas from "../schemas.js";
import { sendStream, type Routes } from "./routes.js";

/**
 * A stored page is someone else's HTML: it gets an origin of its own, runs no script and loads nothing, so it can
 * neither act on this server nor tell another one that it was read.
 */
const PAGE_SOURCE_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const File = z.string().meta({ format: "binary" });

export function artifactRoutes(app: Routes, { artifacts }: HttpDependencies): void {
  app.get(
    "/api/artifacts/:id",
    {
      schema: {
        tags: ["Runs"],
        summary: "Read a screenshot or a page source of a run",
        params: schemas.StringIdParams,
        response: {
          200: {
            description: "The file.",
            content: { "image/jpeg": { schema: File }, "text/html": { schema: File } },
          },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const artifact = await artifacts.openArtifact(id);
      if (artifact === undefined) {
        return reply
          .code(404)
          .send({ error: { code: "artifact_not_found", message: `There is no artifact with id ${id}.` } });
      }
      const { kind, mediaType, fileName, size, stream } = artifact;
      reply
        .type(mediaType === "text/html" ? "text/html; charset=utf-8" : mediaType)
        .header("Content-Length", size)
        .header("Content-Disposition", `inline; filename="${fileName}"`)
        .header("X-Content-Type-Options", "nosniff")
        .header("Cache-Control", "private, max-age=31536000, immutable");
      if (kind === "page_source") reply.header("Content-Security-Policy", PAGE_SOURCE_POLICY);
      return sendStream(reply, stream);
    },
  );
}
