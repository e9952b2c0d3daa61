import { once } from "node:events";
import { openConnection } from "../../src/db/sqlite/connection.js";

// Holds the write lock of a database, as an open sqlite3 shell may, until its standard input ends.
const [file = ""] = process.argv.slice(2);
const connection = await openConnection(file);
await connection.execute("BEGIN IMMEDIATE");
process.stdout.write("held\n");
process.stdin.resume();
await once(process.stdin, "end");
await connection.execute("ROLLBACK");
process.stdout.write("given back\n");
