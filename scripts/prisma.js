// Runs Prisma's command line with the given arguments: node scripts/prisma.js generate
//
// Every Prisma command, `generate` included, wants the schema engine, a native program that is downloaded at its
// first use and that `generate`, `validate` and `format` never call. Where it is missing, this script names an
// executable that is there, Node itself, so that those three work offline. Commands that do call the engine would
// then do nothing and still exit 0, so they are refused.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { POSTGRESQL_SCHEMA, postgresqlSchemaOf } from "./postgresql-schema.js";

const WITHOUT_ENGINE = ["generate", "validate", "format", "version", "help"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schema = join(root, "prisma/schema.prisma");
/** The clients, each with the file that it is made of. */
const clients = [
  { source: schema, stamp: join(root, "src/db/generated/.made-from") },
  { source: join(root, POSTGRESQL_SCHEMA), stamp: join(root, "src/db/postgres/generated/.made-from") },
];
const prismaPackage = createRequire(import.meta.url).resolve("prisma/package.json");

const args = process.argv.slice(2);
const command = args.find((arg) => !arg.startsWith("-")) ?? "help";
const engine = findEngine();

if (engine === undefined && !WITHOUT_ENGINE.includes(command)) {
  console.error(
    `"prisma ${args.join(" ")}" needs Prisma's schema engine, which is not installed here.\n` +
      "The server applies prisma/migrations by itself when it starts. To write a migration, run " +
      `"npx prisma ${args.join(" ")}" where the engine can be downloaded, or set PRISMA_SCHEMA_ENGINE_BINARY to it.`,
  );
  process.exit(1);
}

if (command === "generate" && args.length === 1) generate();
else process.exit(run(args, "inherit").status ?? 1);

/** Writes the clients, unless they were made from these very schemas already. */
function generate() {
  derivePostgresqlSchema();
  for (const { source, stamp } of clients) {
    const hash = hashOf([source, join(root, "prisma.config.ts"), prismaPackage]);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) continue;
    const result = run(["generate", "--no-hints", "--schema", source], "pipe");
    if (result.status !== 0) {
      process.stderr.write(`${result.stdout}${result.stderr}`);
      process.exit(result.status ?? 1);
    }
    // Last, so that a client of which only a part was written is never taken for a whole one.
    writeFileSync(stamp, hash);
    console.log(`Generated the database client of ${relative(root, source)}.`);
  }
}

/** The file is left alone where it is up to date: a package may lie where nothing can be written. */
function derivePostgresqlSchema() {
  const file = join(root, POSTGRESQL_SCHEMA);
  const derived = postgresqlSchemaOf(readFileSync(schema, "utf8"));
  if (existsSync(file) && readFileSync(file, "utf8") === derived) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, derived);
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}

/**
 * @param {string[]} prismaArgs
 * @param {"inherit" | "pipe"} stdio
 */
function run(prismaArgs, stdio) {
  return spawnSync(process.execPath, [join(dirname(prismaPackage), "build/index.js"), ...prismaArgs], {
    cwd: root,
    stdio,
    encoding: "utf8",
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: engine ?? process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  });
}

/** The schema engine, if a person has named one or Prisma has downloaded it. */
function findEngine() {
  const named = process.env["PRISMA_SCHEMA_ENGINE_BINARY"];
  if (named) return named;
  const folder = dirname(createRequire(prismaPackage).resolve("@prisma/engines/package.json"));
  const file = readdirSync(folder).find((name) => name.startsWith("schema-engine-"));
  return file === undefined ? undefined : join(folder, file);
}
