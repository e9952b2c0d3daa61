import { createInterface } from "node:readline/promises";
import type { ImportChange } from "../../cases/import-plan.js";
import { readCaseFiles } from "../../formats/yaml/disk.js";
import type { CaseFileContent } from "../../formats/yaml/read.js";
import { CommandError, ExitCode, type CommandContext } from "../command-context.js";
import { tellFaults, withCases, type StoredCases } from "./content.js";

interface ImportOptions {
  server: string | undefined;
  dryRun: boolean;
}

/** Makes cases and environments of files, of all or of none. */
export async function importFiles(
  paths: readonly string[],
  { server, dryRun }: ImportOptions,
  context: CommandContext,
): Promise<void> {
  await withContent(paths, { server, context }, async (content, stored) => {
    const changes = await stored.import(content, { mode: "create", dryRun });
    showChanges(changes, context);
    context.remark(summaryOf(changes, dryRun));
  });
}

interface SyncOptions extends ImportOptions {
  /** Deletes cases that no file has. */
  prune: boolean;
  /** Does not ask. */
  yes: boolean;
}

/** Makes the stored cases those of files, once it has said what differs and was told to go on. */
export async function syncFiles(
  paths: readonly string[],
  { server, dryRun, prune, yes }: SyncOptions,
  context: CommandContext,
): Promise<void> {
  await withContent(paths, { server, context }, async (content, stored) => {
    const options = { mode: "sync", prune } as const;
    const differences = await stored.import(content, { ...options, dryRun: true });
    showChanges(differences, context);
    const extra = differences.filter(({ kind }) => kind === "extra").length;
    if (extra > 0) context.remark(`${extra} that no file has: they stay unless --prune deletes them.`);
    const isSame = differences.every(({ kind }) => kind === "unchanged" || kind === "extra");
    if (dryRun || isSame) {
      context.remark(isSame ? "Nothing differs." : summaryOf(differences, true));
      return;
    }
    if (!yes && !(await isConfirmed())) {
      context.remark("Nothing was changed.");
      context.exitWith(ExitCode.Impossible);
      return;
    }
    context.remark(summaryOf(await stored.import(content, { ...options, dryRun: false }), false));
  });
}

async function withContent(
  paths: readonly string[],
  { server, context }: { server: string | undefined; context: CommandContext },
  action: (content: CaseFileContent, stored: StoredCases) => Promise<void>,
): Promise<void> {
  const content = await readCaseFiles(paths);
  if ("errors" in content) {
    tellFaults(content.errors, context);
    return;
  }
  await withCases({ server, mayMake: true }, context, (stored) => action(content, stored));
}

const MARKS = { created: "+", changed: "~", deleted: "-", extra: "?", unchanged: "=" } as const;

function showChanges(changes: readonly ImportChange[], { print }: CommandContext): void {
  for (const { kind, what, slug, name, fields } of changes) {
    if (kind === "unchanged") continue;
    const which = what === "environment" ? `environment ${name}` : `${slug ?? ""} '${name}'`.trim();
    print(`${MARKS[kind]} ${which}${fields.length > 0 ? ` (${fields.join(", ")})` : ""}`);
  }
}

function summaryOf(changes: readonly ImportChange[], isDry: boolean): string {
  const count = (kind: ImportChange["kind"]) => changes.filter((change) => change.kind === kind).length;
  const counted = (["created", "changed", "deleted", "unchanged"] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`);
  return `${counted.join(", ") || "Nothing"}${isDry ? ", if it were done" : ""}.`;
}

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CommandError("Nobody sits at a terminal who could be asked; give --yes to change all this.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question("Change all this? [y/N] ")).trim());
  } finally {
    terminal.close();
  }
}
