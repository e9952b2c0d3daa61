// Runs Prisma's command line with the given arguments: node scripts/prisma.js generate
//
// Every Prisma command, `generate` included, wants the schema engine, a native program that is downloaded at its
// first use and that `generate`, `validate` and `format` never call. Where it is missing, this script names an
// executable that is there, Node itself, so that those three work offline. Commands that do call the engine would
// then do nothing and still exit 0, so they are refused.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WITHOUT_ENGINE = ["generate", "validate", "format", "version", "help"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const generated = join(root, "src/db/generated");
const stamp = join(generated, ".made-from");
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

/** Writes the client, unless it was made from this very schema already. */
function generate() {
  const source = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === source) return;
  const result = run(["generate", "--no-hints"], "pipe");
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`);
    process.exit(result.status ?? 1);
  }
  // Last, so that a client of which only a part was written is never taken for a whole one.
  writeFileSync(stamp, source);
  console.log("Generated the database client into src/db/generated.");
}

function hashOfSources() {
  const hash = createHash("sha256");
  for (const file of [join(root, "prisma/schema.prisma"), join(root, "prisma.config.ts"), prismaPackage]) {
    hash.update(readFileSync(file));
  }
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
