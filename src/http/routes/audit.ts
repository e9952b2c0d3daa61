import { AuditPage } from "../access-schemas.js";
import { pageOf, toCursor } from "../cursor.js";
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
      const found = await auditReader.listAudit({ limit: limit + 1, before: cursor });
      const { items, ...rest } = pageOf(found, { limit, cursorOf: ({ id }) => toCursor(id) });
      return { items: items.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })), ...rest };
    },
  );
}
