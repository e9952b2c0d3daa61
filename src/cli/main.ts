#!/usr/bin/env node
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { destination } from "pino";
import { AuditTrail } from "../auth/audit-trail.js";
import { Tokens } from "../auth/tokens.js";
import { ConfigError, parseConfig } from "../config.js";
import { BackupError, DatabaseStartError, openCredentials } from "../db/index.js";
import { createLogger } from "../logger.js";
import { oneLine } from "../one-line.js";
import { AppError, DatabaseUnavailableError } from "../protocol/errors.js";
import { adopt } from "./adopt.js";
import { CommandError, parseCommand } from "./arguments.js";
import { runDatabaseCommand } from "./database.js";
import { runCommand } from "./tokens.js";

/** Longest wait until a command's action is in the audit table, in milliseconds. */
const AUDIT_WAIT_MS = 20_000;

async function main(): Promise<void> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const command = parseCommand(process.argv.slice(2), new Date());
  if (command.kind === "help") {
    console.log(command.text);
    return;
  }
  const { DATABASE_URL: url, ARTIFACTS_DIR: artifactsDir } = parseConfig(process.env);
  const print = (line: string) => {
    console.log(line);
  };
  if (command.kind === "backup" || command.kind === "restore") {
    await runDatabaseCommand(command, { url, now: () => new Date(), print });
    return;
  }
  const log = await createLogger({ level: "error", pretty: false, destination: destination(2) });
  if (command.kind === "adopt") {
    await adopt({ url, artifactsDir, log });
    return;
  }
  const { credentialStore, auditStore, close } = await openCredentials({ url, log });
  const now = () => new Date();
  const audit = new AuditTrail({ store: auditStore, maxAgeMs: undefined, now, log });
  try {
    const tokens = new Tokens({ store: credentialStore, now });
    const remark = (line: string) => {
      console.error(line);
    };
    await runCommand(command, { tokens, audit, now, print, remark, user: userInfo().username });
  } finally {
    await audit.stop(AUDIT_WAIT_MS);
    await close();
  }
}

try {
  await main();
} catch (error) {
  // A fault that the user can put right is one line; everything else is a bug and needs its stack.
  const known = [
    CommandError,
    AppError,
    BackupError,
    ConfigError,
    DatabaseStartError,
    DatabaseUnavailableError,
  ].some((kind) => error instanceof kind);
  console.error(known ? oneLine((error as Error).message) : error);
  process.exitCode = 1;
}
