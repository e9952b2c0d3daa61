import { ReadStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { basename, dirname } from "node:path";
import send from "@fastify/send";
import { z } from "zod";
import type { ArtifactContent, ArtifactReader, StoredArtifact } from "../../cases/ports.js";
import type { ArtifactKind } from "../../protocol/messages.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { artifactPolicy } from "../security-headers.js";
import { answers, sendStream, type Routes } from "./routes.js";

/** Media types that this server makes out of pictures, so that nothing in them can act. */
const OWN_CONTENT: readonly ArtifactKind[] = [
  "screenshot",
  "screenshot_expected",
  "screenshot_actual",
  "screenshot_diff",
  "video",
];

const File = z.string().meta({ format: "binary" });

const MEDIA_TYPES = [
  "image/jpeg",
  "image/png",
  "video/webm",
  "text/html",
  "application/json",
  "application/octet-stream",
];

const FILES = Object.fromEntries(MEDIA_TYPES.map((type) => [type, { schema: File }]));

export function artifactRoutes(app: Routes, { artifacts, signedUrls }: HttpDependencies): void {
  app.get(
    "/api/artifacts/:id/url",
    {
      schema: {
        tags: ["Runs"],
        summary: "Get an address that shows an artifact without a login for five minutes, as for a picture",
        params: schemas.StringIdParams,
        response: answers(200, schemas.ArtifactUrl),
      },
    },
    async ({ params: { id } }, reply) => {
      if ((await artifacts.findArtifact(id)) === undefined)
        return reply.code(404).send({ error: await absence(id, artifacts) });
      const { url, expiresAt } = signedUrls.sign(id);
      return { url, expires_at: expiresAt.toISOString() };
    },
  );

  app.get(
    "/api/artifacts/:id",
    {
      schema: {
        tags: ["Runs"],
        summary: "Read something kept from a run: a picture, a page source, a download, …",
        params: schemas.StringIdParams,
        response: {
          200: { description: "The file.", content: FILES },
          206: { description: "The part of the file that `Range` asks for.", content: FILES },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ params: { id }, raw, embedder }, reply) => {
      const artifact = await artifacts.openArtifact(id);
      if (artifact === undefined) return reply.code(404).send({ error: await absence(id, artifacts) });
      const content = await contentOf(artifact, raw);
      if (content.statusCode === 416) {
        reply.header("Content-Range", content.headers["Content-Range"]);
        const message = "The file ends before the range that was asked for.";
        return reply
          .code(416)
          .type("application/json")
          .send({ error: { code: "range_not_satisfiable", message } });
      }
      const { kind, mediaType } = artifact;
      reply
        .code(content.statusCode)
        .headers(content.headers)
        .type(mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType)
        .header("Content-Disposition", disposition(artifact))
        .header("Content-Security-Policy", artifactPolicy({ isOwn: OWN_CONTENT.includes(kind), embedder }))
        // The policy says which pages may show it in a frame, and this header cannot.
        .removeHeader("X-Frame-Options");
      if (embedder !== undefined) reply.header("Cross-Origin-Resource-Policy", "cross-origin");
      return sendStream(reply, content.stream);
    },
  );
}

/** The reason that there is no artifact to answer with. */
async function absence(id: string, artifacts: ArtifactReader): Promise<{ code: string; message: string }> {
  const known = await artifacts.findArtifact(id);
  if (known === undefined) {
    const message = `There is no artifact with id ${id}, or it was deleted: the server keeps artifacts for ARTIFACTS_MAX_AGE days, and no more than ARTIFACTS_MAX_SIZE.`;
    return { code: "artifact_not_found", message };
  }
  const since = known.missingSince === null ? "" : ` since ${known.missingSince.toISOString()} or before`;
  const message = `The file of this artifact (${known.fileName}) is missing from the server's ARTIFACTS_DIR${since}. Put back there, it is served again.`;
  return { code: "artifact_missing", message };
}

/**
 * The file, or the part of it that a request asks for: browsers read videos in parts, so as to seek in them. The
 * package works out the answer by the file's path; the bytes come from the file that is open, which is sure to be no
 * link.
 */
async function contentOf(artifact: ArtifactContent, request: IncomingMessage): Promise<send.SendResult> {
  const { path } = artifact;
  try {
    // The name of the file tells nothing: its type is stored, and it never changes.
    const result = await send(request, encodeURIComponent(basename(path)), {
      root: dirname(path),
      cacheControl: false,
      contentType: false,
    });
    if (result.stream instanceof ReadStream) {
      result.stream.destroy();
      return { ...result, stream: artifact.read(rangeOf(result.headers)) };
    }
    await artifact.close();
    return result;
  } catch (error) {
    await artifact.close();
    throw error;
  }
}

function rangeOf(headers: Record<string, string>): { start?: number; end?: number } {
  const [, start, end] = /^bytes (\d+)-(\d+)\//.exec(headers["Content-Range"] ?? "") ?? [];
  return start === undefined ? {} : { start: Number(start), end: Number(end) };
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
