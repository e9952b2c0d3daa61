import { spawn } from "node:child_process";
import { Tokens } from "../../src/auth/tokens.js";
import type { Scope } from "../../src/protocol/scopes.js";
import type { TestApp } from "./test-app.js";
import { TRANSLATED_COMMAND_LINE } from "./translated-server.js";

let count = 0;

type Stores = Pick<TestApp["app"], "database">;

/** Makes a token in the database of a server, as another process would. */
export async function createToken(
  { app }: { app: Stores },
  scopes: Scope[],
  { expiresAt, name = `token-${++count}` }: { expiresAt?: Date; name?: string } = {},
): Promise<{ id: string; name: string; token: string; headers: { authorization: string } }> {
  const tokens = tokensOf(app);
  const { token, record } = await tokens.create({ name, scopes, expiresAt });
  return { id: record.id, name, token, headers: { authorization: `Bearer ${token}` } };
}

/** The tokens of a server, without it being told of what is done to them. */
export function tokensOf({ database }: Stores): Tokens {
  return new Tokens({ store: database.credentialStore, now: () => new Date() });
}

/** The subprotocols that a browser's client offers. */
export function offered(token: string): string[] {
  return ["stepwire.v1", `stepwire.token.${Buffer.from(token).toString("base64url")}`];
}

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a process of its own. */
export async function stepwire(
  databaseUrl: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [TRANSLATED_COMMAND_LINE, ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const result: CommandResult = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (result.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
  result.code = await new Promise((resolve) => child.once("close", resolve));
  return result;
}
