/** The native format of case files, whole. */

export { readCaseFile } from "./read.js";
export { environmentToFile, toContent, toFile, toFileContent } from "./stored.js";
export { decodeUtf8 } from "./utf8.js";
export { writeJson, writeYaml } from "./write.js";
