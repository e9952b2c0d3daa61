/** `npm run generate`: writes every file that is derived from sources and checked in. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { CaseFile } from "../src/formats/yaml/schema.js";
import { buildAsyncApi } from "../src/http/asyncapi.js";
import { buildOpenApi } from "../src/http/index.js";
import { Command } from "../src/protocol/commands.js";
import { ClientMessage, ServerMessage } from "../src/protocol/messages.js";
import { Report } from "../src/protocol/report.js";
import { RunFinished } from "../src/protocol/webhooks.js";
import { commandsPage } from "./commands-page.js";
import {
  accessibilityScriptModule,
  browserFunctionsModule,
  pageScriptModule,
  pictureScriptModule,
  snapshotScriptModule,
} from "./page-script.js";
import { sentencesPage } from "./sentences-page.js";
import { protocolTables } from "./protocol-tables.js";

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const files: Record<string, string> = {
  "src/runner/page-script.generated.ts": await pageScriptModule(),
  "src/runner/picture-script.generated.ts": await pictureScriptModule(),
  "src/runner/accessibility-script.generated.ts": await accessibilityScriptModule(),
  "src/runner/snapshot-script.generated.ts": await snapshotScriptModule(),
  "src/browser/page-functions.generated.ts": await browserFunctionsModule(),
  "docs/generated/openapi.json": json(await buildOpenApi()),
  "docs/generated/asyncapi.json": json(buildAsyncApi()),
  "docs/generated/report.schema.json": json(z.toJSONSchema(Report)),
  "docs/generated/webhook.schema.json": json(z.toJSONSchema(RunFinished)),
  "docs/generated/case-file.schema.json": json(z.toJSONSchema(CaseFile, { io: "input", reused: "ref" })),
  "docs/generated/command.schema.json": json(z.toJSONSchema(Command, { io: "input" })),
  "docs/generated/client-message.schema.json": json(z.toJSONSchema(ClientMessage, { io: "input" })),
  "docs/generated/server-message.schema.json": json(z.toJSONSchema(ServerMessage)),
  "docs/COMMANDS.md": commandsPage(),
  "docs/SENTENCES.md": sentencesPage(),
  "PROTOCOL.md": fill(await readFile("PROTOCOL.md", "utf8"), protocolTables()),
};

for (const [path, content] of Object.entries(files)) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
console.log(`Generated ${Object.keys(files).join(", ")}`);

/** Puts each table between the markers `<!-- generated: name -->` and `<!-- end -->` of a text. */
function fill(text: string, tables: Record<string, string>): string {
  return Object.entries(tables).reduce((result, [name, table]) => {
    const place = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(result)) throw new Error(`PROTOCOL.md has no place for the table '${name}'`);
    return result.replace(place, (_all, start: string, end: string) => `${start}\n${table}\n${end}`);
  }, text);
}
