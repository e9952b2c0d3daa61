import { defineConfig } from "prisma/config";

/** For Prisma's command line only; the server opens its database through src/db. */
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env["DATABASE_URL"] ?? "file:./data/stepwire.db" },
});
