import { z } from "zod";
import type { Routes } from "./routes.js";

/** Serves the JSON Schema of case files, which editors fetch by its address. */
export function caseFileSchemaRoutes(app: Routes): void {
  let text: string | undefined;
  app.get("/case-file.schema.json", { schema: { hide: true } }, async (_request, reply) => {
    if (text === undefined) {
      const { CaseFile } = await import("../../formats/yaml/schema.js");
      text = JSON.stringify(z.toJSONSchema(CaseFile, { io: "input", reused: "ref" }));
    }
    return reply.type("application/schema+json").header("Access-Control-Allow-Origin", "*").send(text);
  });
}
