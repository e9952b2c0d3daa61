import type { z } from "zod";
import { CloseCode } from "../src/protocol/close-codes.js";
import { ERROR_CODES } from "../src/protocol/errors.js";
import { ClientMessage, RunEvent, ServerMessage } from "../src/protocol/messages.js";
import { MESSAGE_SCOPES, SCOPES } from "../src/protocol/scopes.js";
import { fieldsOf, table } from "./schema-fields.js";

/** The tables of PROTOCOL.md, by the name of their place in it. */
export function protocolTables(): Record<string, string> {
  const events = new Set<z.ZodType>(RunEvent.options);
  return {
    "client messages": messageTable(ClientMessage.options),
    scopes: table(
      ["scope", "what for", "messages"],
      Object.entries(SCOPES).map(([scope, meaning]) => [
        `\`${scope}\``,
        meaning,
        Object.entries(MESSAGE_SCOPES)
          .flatMap(([type, needed]) => (needed === scope ? `\`${type}\`` : []))
          .join(" "),
      ]),
    ),
    "run events": messageTable(RunEvent.options),
    "other messages": messageTable(ServerMessage.options.filter((option) => !events.has(option))),
    "error codes": table(
      ["code", "meaning"],
      Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
    "close codes": table(
      ["code", "name", "reason", "connect again?"],
      Object.entries(CloseCode).map(([name, { code, reason, retry }]) => [
        String(code),
        `\`${name}\``,
        reason,
        retry ? "yes" : "no",
      ]),
    ),
  };
}

function messageTable(schemas: readonly z.ZodType[]): string {
  const rows = schemas.map((schema) => {
    const [type, ...fields] = fieldsOf(schema);
    const names = fields.map(({ name, required }) => (required ? `\`${name}\`` : `\`${name}\`?`));
    return [`\`${(type?.type ?? "").replaceAll('"', "")}\``, names.join(" "), schema.description ?? ""];
  });
  return table(["type", "fields (`?`: may be absent)", "meaning"], rows);
}
