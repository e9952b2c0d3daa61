import type { Command } from "commander";
import { SCOPES } from "../../protocol/scopes.js";
import type { CommandContext } from "../command-context.js";

const SCOPES_HELP = `
Scopes:
${Object.entries(SCOPES)
  .map(([scope, meaning]) => `  ${scope.padEnd(8)}${meaning.replaceAll("`", "")}`)
  .join("\n")}`;

export function addTokens(program: Command, context: CommandContext): void {
  const tokens = program
    .command("tokens")
    .description("Make, list and revoke the API tokens that clients of the server log in with.")
    .addHelpText(
      "after",
      "\nThey are in the database that DATABASE_URL names. A server that runs takes notice at once.",
    );
  tokens
    .command("create")
    .description("Make a token and show it, this once.")
    .requiredOption("--name <name>", "its name, such as ci")
    .requiredOption("--scopes <scope,…>", "what it may do, such as run,read")
    .option(
      "--expires <when>",
      "a time from now, such as 90d, 12h or 30m, or a date, such as 2027-01-31 (default: never)",
    )
    .addHelpText("after", SCOPES_HELP)
    .action(async (options: { name: string; scopes: string; expires?: string }) => {
      const { createToken } = await import("./tokens.js");
      await createToken(options, context);
    });
  tokens
    .command("list")
    .description("List all tokens: what they may do, when they were used last, whether they are still good.")
    .option("--json", "for programs")
    .action(async ({ json = false }: { json?: boolean }) => {
      const { listTokens } = await import("./tokens.js");
      await listTokens({ json }, context);
    });
  tokens
    .command("revoke")
    .description("End a token for good. Whoever is connected with it is disconnected within a second.")
    .argument("<name or id>", "the token")
    .action(async (idOrName: string) => {
      const { revokeToken } = await import("./tokens.js");
      await revokeToken(idOrName, context);
    });
  tokens
    .command("prune")
    .description("Delete tokens that were revoked or have expired.")
    .addHelpText(
      "after",
      "\nWithout any token left nobody needs one any more, unless HOST lets others reach the server.",
    )
    .action(async () => {
      const { pruneTokens } = await import("./tokens.js");
      await pruneTokens(context);
    });
}
