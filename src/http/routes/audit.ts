import { AuditPage } from "../access-schemas.js";
import { toCursor } from "../cursor.js";
import type { HttpDependencies } from "../dependencies.js";
import { PageQuery } from "../schemas.js";
import { answers, type Routes } from "./routes.js";

export function auditRoutes(app: Routes, { auditReader }: HttpDependencies): void {
  app.get(
    "/api/audit",
    {
      schema: {
        tags: ["Access"],
        summary: "List who did what, newest first",
        querystring: PageQuery,
        response: answers(200, AuditPage),
      },
    },
    async ({ query: { limit, cursor } }) => {
      // One more than asked for tells whether there is another page.
      const found = await auditReader.listAudit({ limit: limit + 1, before: cursor });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return {
        items: items.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })),
        next_cursor: last === undefined ? null : toCursor(last.id),
      };
    },
  );
}
