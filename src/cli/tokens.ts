import { anonymous } from "../auth/identity.js";
import type { AuditLog, TokenRecord } from "../auth/ports.js";
import { endOf, type Tokens } from "../auth/tokens.js";
import { oneLine, printableJson } from "../one-line.js";
import type { Command, DatabaseCommand } from "./arguments.js";

export interface CommandContext {
  tokens: Tokens;
  audit: AuditLog;
  now: () => Date;
  /** For what was asked for, which a script may read. */
  print: (line: string) => void;
  /** For what only people need to know. */
  remark: (line: string) => void;
  /** The user who typed the command, as this machine knows them. */
  user: string;
}

/** @throws AppError when the command cannot be carried out. */
export async function runCommand(
  command: Exclude<Command, { kind: "help" | "adopt" } | DatabaseCommand>,
  context: CommandContext,
): Promise<void> {
  const { tokens, print, remark } = context;
  switch (command.kind) {
    case "create": {
      const { token, record } = await tokens.create(command);
      note(context, "create_token", `token ${record.id}`);
      print(token);
      remark(
        `Token ${oneLine(record.name)} (${describe(record)}). It is shown this once: keep it where it is safe.`,
      );
      return;
    }
    case "list":
      printList(await tokens.list(), command.json, context);
      return;
    case "revoke": {
      const record = await tokens.revoke(command.idOrName);
      note(context, "revoke_token", `token ${record.id}`);
      print(`Revoked ${oneLine(record.name)} (${record.id}).`);
      return;
    }
    case "prune": {
      const names = await tokens.prune();
      if (names.length > 0) note(context, "prune_tokens", names.join(" "));
      print(names.length === 0 ? "There is nothing to delete." : `Deleted ${names.map(oneLine).join(", ")}.`);
      if (names.length > 0 && (await tokens.list()).length === 0) {
        remark(
          "No token is left: on this machine nobody needs a login now, unless JSON Web Tokens are set up.",
        );
      }
    }
  }
}

function note({ audit, user }: CommandContext, action: string, target: string): void {
  const identity = { ...anonymous("cli"), name: user };
  audit.record({ identity, address: "cli", action, target });
}

function printList(records: TokenRecord[], json: boolean, { print, now }: CommandContext): void {
  if (json) {
    print(printableJson(JSON.stringify(records, null, 2)));
    return;
  }
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
