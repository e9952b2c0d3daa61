import type { CaseFileError } from "../../formats/yaml/read.js";

/** A fault as compilers write theirs, so that editors and terminals make a link of its place. */
export function showFault({ file, line, column, message }: CaseFileError): string {
  return `${file}:${line}:${column} ${message}`;
}
