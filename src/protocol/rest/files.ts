import { z } from "zod";

// The answer to an import of case files.

export const ImportChange = z.object({
  kind: z
    .enum(["created", "changed", "deleted", "unchanged", "extra"])
    .describe("`extra`: not in the file, and left as it is."),
  what: z.enum(["test_case", "environment"]),
  slug: z.string().nullable(),
  name: z.string(),
  fields: z.array(z.string()).describe("The fields that change."),
});
export const Imported = z.object({ applied: z.boolean(), changes: z.array(ImportChange) });
