import { existsSync } from "node:fs";
import { ConfigError } from "./config.js";
import { DatabaseStartError } from "./db/index.js";
import { oneLine } from "./one-line.js";
import { serve } from "./serve.js";

try {
  if (existsSync(".env")) process.loadEnvFile(".env");
  await serve(process.env);
} catch (error) {
  // A fault that an operator can put right is one line; everything else is a bug and needs its stack.
  if (error instanceof ConfigError) console.error(error.message);
  else console.error(error instanceof DatabaseStartError ? oneLine(error.message) : error);
  process.exit(1);
}
