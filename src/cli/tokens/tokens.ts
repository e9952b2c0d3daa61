import { userInfo } from "node:os";
import { AuditTrail } from "../../auth/audit-trail.js";
import { anonymous } from "../../auth/identity.js";
import type { TokenRecord } from "../../auth/ports.js";
import { endOf, Tokens } from "../../auth/tokens.js";
import { parseConfig } from "../../config.js";
import { openCredentials } from "../../db/index.js";
import { oneLine, printableJson } from "../../one-line.js";
import type { CommandContext } from "../command-context.js";
import { createCommandLog } from "../command-log.js";
import { requireDatabase } from "../existing-database.js";
import { toNewToken, type AskedToken } from "./new-token.js";

/** Longest wait until a command's action is in the audit table, in milliseconds. */
const AUDIT_WAIT_MS = 20_000;

/**
 * @throws CommandError for an option that cannot be used, AppError when there is a token of that name.
 */
export async function createToken(asked: AskedToken, context: CommandContext): Promise<void> {
  const newToken = toNewToken(asked, context.now());
  // The first token is made before the first start of a server that others can reach.
  await withTokens({ ...context, mayMake: true }, async (tokens, note) => {
    const { token, record } = await tokens.create(newToken);
    note("create_token", `token ${record.id}`);
    context.print(token);
    context.remark(
      `Token ${oneLine(record.name)} (${describe(record)}). It is shown this once: keep it where it is safe.`,
    );
  });
}

export async function listTokens({ json }: { json: boolean }, context: CommandContext): Promise<void> {
  await withTokens(context, async (tokens) => {
    const records = await tokens.list();
    if (json) context.print(printableJson(JSON.stringify(records, null, 2)));
    else printTable(records, context);
  });
}

/** @throws AppError when there is no such token. */
export async function revokeToken(idOrName: string, context: CommandContext): Promise<void> {
  await withTokens(context, async (tokens, note) => {
    const record = await tokens.revoke(idOrName);
    note("revoke_token", `token ${record.id}`);
    context.print(`Revoked ${oneLine(record.name)} (${record.id}).`);
  });
}

export async function pruneTokens(context: CommandContext): Promise<void> {
  await withTokens(context, async (tokens, note) => {
    const names = await tokens.prune();
    if (names.length === 0) {
      context.print("There is nothing to delete.");
      return;
    }
    note("prune_tokens", names.join(" "));
    context.print(`Deleted ${names.map(oneLine).join(", ")}.`);
    if ((await tokens.list()).length > 0) return;
    context.remark(
      "No token is left: on this machine nobody needs a login now, unless JSON Web Tokens are set up.",
    );
  });
}

/** Notes an action in the audit table. */
type Note = (action: string, target: string) => void;

/**
 * Lends the tokens of the database that `DATABASE_URL` names, and closes it.
 *
 * @throws CommandError when there is none, and none may be made
 */
async function withTokens(
  { environment, now, mayMake = false }: CommandContext & { mayMake?: boolean },
  use: (tokens: Tokens, note: Note) => Promise<void>,
): Promise<void> {
  const { DATABASE_URL: url } = parseConfig(environment);
  if (!mayMake) requireDatabase(url);
  const log = await createCommandLog();
  const { credentialStore, auditStore, close } = await openCredentials({ url, log });
  const audit = new AuditTrail({ store: auditStore, maxAgeMs: undefined, now, log });
  const identity = { ...anonymous("cli"), name: userInfo().username };
  try {
    await use(new Tokens({ store: credentialStore, now }), (action, target) => {
      audit.record({ identity, address: "cli", action, target });
    });
  } finally {
    await audit.stop(AUDIT_WAIT_MS);
    await close();
  }
}

function printTable(records: readonly TokenRecord[], { print, now }: CommandContext): void {
  if (records.length === 0) {
    print("There are no tokens. Make one: tokens create --name admin --scopes admin");
    return;
  }
  const rows = records.map((record) =>
    [
      record.name,
      endOf(record, now()) ?? "valid",
      record.scopes.join(","),
      record.expiresAt?.toISOString() ?? "never",
      record.lastUsedAt?.toISOString() ?? "never",
      record.id,
    ].map(oneLine),
  );
  const table = [["NAME", "STATE", "SCOPES", "EXPIRES", "LAST USED", "ID"], ...rows];
  const widths = table[0]?.map((_cell, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}

function describe({ scopes, expiresAt }: TokenRecord): string {
  return `${scopes.join(", ")}; ${expiresAt ? `until ${expiresAt.toISOString()}` : "never expires"}`;
}
