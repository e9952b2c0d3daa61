import { existsSync } from "node:fs";
import { migrate } from "../../src/db/sqlite/migrate.js";

// Both children wait for the same moment, so that they meet in the migration and not in starting Node.
const [file = "", gate = ""] = process.argv.slice(2);
process.stdout.write("ready\n");
while (!existsSync(gate)) await new Promise((resolve) => setTimeout(resolve, 1));
process.stdout.write(`applied ${(await migrate(file)).length}\n`);
