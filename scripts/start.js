// `npm start`: runs what `npm run build` wrote, and builds it first where it is missing or older than its sources.
// One process from here on, so that the signals that npm passes on reach the server.
import { execSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const parent = process.ppid;

const BUILT = "dist/main.js";
const SOURCES = ["src", "prisma/schema.prisma", "package-lock.json", "tsconfig.build.json"];

/** When the newest file of a folder, or the file itself, was last changed. */
function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== "generated");
  return Math.max(0, ...inside.map((name) => newest(join(path, name))));
}

const hasSources = SOURCES.every((path) => existsSync(path));
if (hasSources && (!existsSync(BUILT) || statSync(BUILT).mtimeMs < Math.max(...SOURCES.map(newest)))) {
  console.log("Building…");
  execSync("npm run --silent build", { stdio: "inherit" });
}

// A person who stopped npm while this was building wants no server either.
if (process.ppid !== parent) process.exit(1);
await import("../dist/main.js");
