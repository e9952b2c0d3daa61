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

/** Tells if the packages that build the sources are installed; `npm ci` leaves them out with NODE_ENV=production. */
function canBuild() {
  return ["typescript/package.json", "prisma/package.json"].every((file) =>
    existsSync(join("node_modules", file)),
  );
}

const hasSources = SOURCES.every((path) => existsSync(path));
if (hasSources && (!existsSync(BUILT) || statSync(BUILT).mtimeMs < Math.max(...SOURCES.map(newest)))) {
  if (!canBuild()) {
    const isBuilt = existsSync(BUILT);
    console.error(
      `${BUILT} is ${isBuilt ? "older than its sources" : "missing"}, and what builds it is not installed here: run "npm ci --include=dev && npm run build" first; afterwards "npm prune --omit=dev" leaves it out again.`,
    );
    process.exit(1);
  }
  console.log("Building…");
  execSync("npm run --silent build", { stdio: "inherit" });
}

// A person who stopped npm while this was building wants no server either.
if (process.ppid !== parent) process.exit(1);
await import("../dist/main.js");
