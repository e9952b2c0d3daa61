import { z } from "zod";
import type { HttpDependencies, StoredArtifact } from "../ports.js";
import * as schemas from "../schemas.js";
import { sendStream, type Routes } from "./routes.js";

/**
 * What a page has made is someone else's, above all its HTML: it gets an origin of its own, runs no script and loads nothing, so it can
 * neither act on this server nor tell another one that it was read.
 */
const FOREIGN_CONTENT_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const File = z.string().meta({ format: "binary" });

const MEDIA_TYPES = ["image/jpeg", "image/png", "text/html", "application/json", "application/octet-stream"];

export function artifactRoutes(app: Routes, { artifacts }: HttpDependencies): void {
  app.get(
    "/api/artifacts/:id",
    {
      schema: {
        tags: ["Runs"],
        summary: "Read something kept from a run: a picture, a page source, a download, …",
        params: schemas.StringIdParams,
        response: {
          200: {
            description: "The file.",
            content: Object.fromEntries(MEDIA_TYPES.map((type) => [type, { schema: File }])),
          },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const artifact = await artifacts.openArtifact(id);
      if (artifact === undefined) {
        const message = `There is no artifact with id ${id}, or it was deleted: the server keeps artifacts for ARTIFACTS_MAX_AGE days, and no more than ARTIFACTS_MAX_SIZE.`;
        return reply.code(404).send({ error: { code: "artifact_not_found", message } });
      }
      const { kind, mediaType, size, stream } = artifact;
      reply
        .type(mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType)
        .header("Content-Length", size)
        .header("Content-Disposition", disposition(artifact))
        .header("X-Content-Type-Options", "nosniff")
        .header("Cache-Control", "private, max-age=31536000, immutable");
      if (kind !== "screenshot") reply.header("Content-Security-Policy", FOREIGN_CONTENT_POLICY);
      return sendStream(reply, stream);
    },
  );
}

/** A download is saved under its own name and never shown: it may be anything. */
function disposition({ kind, name, fileName }: StoredArtifact): string {
  if (kind !== "download") return `inline; filename="${fileName}"`;
  // RFC 8187; encodeURIComponent leaves four characters that it does not allow.
  const wellFormed = Buffer.from(name ?? fileName).toString();
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${fileName}"; filename*=UTF-8''${encoded}`;
}
