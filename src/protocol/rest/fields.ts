import { z } from "zod";

// Fields of more than one resource of the REST interface.

// The databases below cut text at a NUL or refuse it.
export const Text = z
  .string()
  .refine((text) => !text.includes("\0"), { error: "must not hold a NUL character" });
export const Name = Text.trim().min(1).max(500);
export const Tag = Text.trim().min(1).max(100);
export const Timestamp = z.iso.datetime().describe("UTC.");
export const Id = z.int().positive();

/** Fields that answers have and requests may send back; their values are ignored. */
export function readOnly<K extends string>(...fields: K[]): Record<K, z.ZodOptional<z.ZodUnknown>> {
  const ignored = z
    .unknown()
    .optional()
    .describe("Read-only: ignored, so that a client may send back what it got.");
  // The cast holds because the entries are made from every one of the fields.
  return Object.fromEntries(fields.map((field) => [field, ignored])) as Record<K, typeof ignored>;
}
