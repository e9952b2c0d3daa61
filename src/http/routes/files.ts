import { z } from "zod";
import type { ImportChange } from "../../cases/import-plan.js";
import { ImportError } from "../../cases/import.js";
import { MAX_CASE_FILE_BYTES } from "../../formats/yaml/limits.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Files"];

const TYPES = ["application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/plain"];

/** Cases as files. In a scope of its own, for its bodies are read as they are: a parsed one has lost its lines. */
export function fileRoutes(app: Routes, { imports }: HttpDependencies): void {
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser(
    TYPES,
    { parseAs: "buffer", bodyLimit: MAX_CASE_FILE_BYTES },
    (_request, body, done) => {
      done(null, body);
    },
  );

  app.post(
    "/api/import",
    {
      bodyLimit: MAX_CASE_FILE_BYTES,
      schema: {
        tags,
        summary: "Import the test cases and environments of a case file, all of them or none",
        description:
          "The body is the file, YAML or JSON, as docs/files.md describes it. Faults come all at once, each with its line and column.",
        consumes: TYPES,
        querystring: schemas.ImportQuery,
        response: answers(200, schemas.Imported),
      },
    },
    async ({ body, query: { file, mode, prune, dry_run: dryRun } }) => {
      const { decodeUtf8, readCaseFile, toContent } = await loadFormat();
      const decoded = decodeUtf8(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      if ("fault" in decoded) throw new ImportError([{ file, ...decoded.fault }]);
      const reading = readCaseFile(decoded.text, { file });
      if ("errors" in reading) throw new ImportError(reading.errors);
      const changes = await imports.import(toContent(reading), { mode, prune, dryRun });
      return { applied: !dryRun, changes: changes.map(changeToWire) };
    },
  );

  app.get(
    "/api/export",
    {
      schema: {
        tags,
        summary: "Export test cases and their environments as one case file",
        querystring: schemas.ExportQuery,
        response: {
          200: {
            description: "The file, which `POST /api/import` takes.",
            content: {
              "application/yaml": { schema: z.string() },
              "application/json": { schema: z.string() },
            },
          },
          "4xx": schemas.ErrorAnswer,
          "5xx": schemas.ErrorAnswer,
        },
      },
    },
    async ({ query: { format, ids, tags: chosen } }, reply) => {
      const { environmentToFile, toFile, toFileContent, writeJson, writeYaml } = await loadFormat();
      const { cases, environments } = await imports.export({ ids, tags: chosen });
      const content = toFileContent({
        cases: cases.map(toFile),
        environments: environments.map(environmentToFile),
      });
      return reply
        .type(`application/${format}; charset=utf-8`)
        .header("Content-Disposition", `attachment; filename="test-cases.${format}"`)
        .serializer((text: string) => text)
        .send(format === "json" ? writeJson(content) : writeYaml(content));
    },
  );
}

/** The native format, loaded at first use. */
function loadFormat() {
  return import("../../formats/yaml/index.js");
}

function changeToWire({
  kind,
  what,
  slug,
  name,
  fields,
}: ImportChange): z.infer<typeof schemas.ImportChange> {
  return { kind, what, slug, name, fields };
}
