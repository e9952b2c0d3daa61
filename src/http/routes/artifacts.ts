import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import parseRange from "range-parser";
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
        description:
          "It never changes: with its `ETag` in `If-None-Match` the answer is 304, without the file.",
        params: schemas.StringIdParams,
        response: {
          200: { description: "The file.", content: FILES },
          206: { description: "The part of the file that `Range` asks for.", content: FILES },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ params: { id }, method, headers, embedder }, reply) => {
      const artifact = await artifacts.openArtifact(id);
      if (artifact === undefined) return reply.code(404).send({ error: await absence(id, artifacts) });
      const part = partOf(artifact, headers);
      reply.headers({ "Accept-Ranges": "bytes", ETag: etagOf(artifact) });
      if (part === "beyond" || part === "known" || method === "HEAD") await artifact.close();
      if (part === "known") return reply.code(304).send(undefined as never);
      if (part === "beyond") {
        const message = "The file ends before the range that was asked for.";
        return reply
          .code(416)
          .header("Content-Range", `bytes */${artifact.size}`)
          .type("application/json")
          .send({ error: { code: "range_not_satisfiable", message } });
      }
      const { kind, mediaType, size } = artifact;
      if (part !== "whole")
        reply.code(206).header("Content-Range", `bytes ${part.start}-${part.end}/${size}`);
      reply
        .header("Content-Length", part === "whole" ? size : part.end - part.start + 1)
        .type(mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType)
        .header("Content-Disposition", disposition(artifact))
        .header("Content-Security-Policy", artifactPolicy({ isOwn: OWN_CONTENT.includes(kind), embedder }))
        // The policy says which pages may show it in a frame, and this header cannot.
        .removeHeader("X-Frame-Options");
      if (embedder !== undefined) reply.header("Cross-Origin-Resource-Policy", "cross-origin");
      if (method === "HEAD") return sendStream(reply, Readable.from([]));
      return sendStream(reply, artifact.read(part === "whole" ? {} : part));
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

/** The validator of a file: an artifact never changes. */
function etagOf({ id }: StoredArtifact): string {
  return `"${id}"`;
}

/**
 * The part of a file that a request asks for, as browsers do to seek in videos: one range of bytes, both ends included,
 * or the whole of it. Several ranges at a time are answered with the whole, which
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.2 allows.
 *
 * @returns `known` when the client has the file already, `beyond` when it ends before the range
 */
function partOf(
  artifact: ArtifactContent,
  headers: IncomingHttpHeaders,
): "whole" | "known" | "beyond" | { start: number; end: number } {
  const etag = etagOf(artifact);
  const known = headers["if-none-match"]?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.some((tag) => tag === etag || tag === "*")) return "known";
  const { range, "if-range": condition = etag } = headers;
  if (range === undefined || condition !== etag) return "whole";
  const ranges = parseRange(artifact.size, range);
  if (ranges === -1) return "beyond";
  const [first, ...others] = ranges === -2 || ranges.type !== "bytes" ? [] : ranges;
  return first === undefined || others.length > 0 ? "whole" : first;
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
