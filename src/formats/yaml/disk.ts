import { constants } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { MAX_CASE_FILE_BYTES, refusalOfSize } from "./limits.js";
import { readCaseFile, type CaseFileContent, type CaseFileError } from "./read.js";
import { decodeUtf8 } from "./utf8.js";

const IS_CASE_FILE = /\.(?:ya?ml|json)$/i;

/** The content of several files: of all, or of none. */
export type CaseFilesReading = CaseFileContent | { errors: CaseFileError[] };

/**
 * Reads case files, and those in folders and the folders inside them (`.yaml`, `.yml`, `.json`; neither hidden ones nor
 * `node_modules`), in the order of their names.
 *
 * @returns what all of them hold, or every fault of any of them; slugs that are there twice are faults
 */
export async function readCaseFiles(paths: readonly string[]): Promise<CaseFilesReading> {
  const content: CaseFileContent = { cases: [], environments: [] };
  const errors: CaseFileError[] = [];
  for (const path of paths) {
    const files = await caseFilesIn(path);
    if ("errors" in files) errors.push(...files.errors);
    for (const file of "errors" in files ? [] : files) {
      const read = await readFromDisk(file);
      const reading = "errors" in read ? read : readCaseFile(read.text, { file });
      if ("errors" in reading) errors.push(...reading.errors);
      else {
        content.cases.push(...reading.cases);
        content.environments.push(...reading.environments);
      }
    }
  }
  errors.push(...twice(content));
  return errors.length > 0 ? { errors } : content;
}

/** The case files that a path stands for: itself, or those in the folder. */
export async function caseFilesIn(path: string): Promise<string[] | { errors: CaseFileError[] }> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const files = await filesIn(path);
    return files.length > 0
      ? files
      : wrong(path, "The folder holds no .yaml, .yml or .json file; name another.");
  } catch (error) {
    return wrong(path, `It cannot be read (${codeOf(error)}); check its name and rights.`);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else if (IS_CASE_FILE.test(entry.name)) files.push(path);
  }
  return files;
}

/** Reads a file as UTF-8; one that is too large, or no plain file, is refused before any of it is read. */
export async function readFromDisk(path: string): Promise<{ text: string } | { errors: CaseFileError[] }> {
  try {
    // A pipe that nobody writes to would keep a plain open waiting.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile()) return wrong(path, "It is no plain file; name one.");
    if (found.size > MAX_CASE_FILE_BYTES) return wrong(path, refusalOfSize(found.size));
    const decoded = decodeUtf8(await file.readFile());
    return "text" in decoded ? decoded : { errors: [{ file: path, ...decoded.fault }] };
  } catch (error) {
    return wrong(path, `It cannot be read (${codeOf(error)}); check its name and rights.`);
  }
}

function twice({ cases, environments }: CaseFileContent): CaseFileError[] {
  const named = [
    ...cases.map(({ testCase: { slug }, ...at }) => ({ name: slug, kind: "slug", at })),
    ...environments.map(({ environment: { name }, ...at }) => ({ name, kind: "environment", at })),
  ];
  const first = new Map<string, string>();
  return named.flatMap(({ name, kind, at: { file, place } }) => {
    if (name === undefined) return [];
    const key = `${kind} ${name}`;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, `${file}:${place.line}`);
      return [];
    }
    return [
      { file, ...place, message: `The ${kind} '${name}' is that of ${before} too; give it another name.` },
    ];
  });
}

function wrong(file: string, message: string): { errors: CaseFileError[] } {
  return { errors: [{ file, line: 1, column: 1, message }] };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
