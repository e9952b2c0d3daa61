import { oneLine } from "../../one-line.js";
import { isHttpUrl } from "../../protocol/commands.js";
import { CommandError, ExitCode, type CommandContext } from "../command-context.js";
import { formatOf, writeCases, type WriteOptions } from "../files/write-cases.js";
import { Interruption } from "../interruption.js";
import { readDescription } from "./description.js";
import type { Generate } from "./generated.js";

/** Options as the command line gives them. */
export interface GivenOptions {
  file?: string;
  url?: string;
  format: string;
  output?: string;
  force?: boolean;
  server?: string;
}

/** Writes the case file of a description, and remarks everything that was not understood. */
export async function generateFiles(
  words: string,
  { file, url, format: asked, output, force = false, server }: GivenOptions,
  context: CommandContext,
): Promise<void> {
  const write: WriteOptions = { format: formatOf(asked, output), output, force };
  if (url !== undefined && !isHttpUrl(url))
    throw new CommandError(`--url: "${url}" is no http or https URL, such as https://app.example.com/login.`);
  const description = await readDescription({ words, file }, context);
  const interruption = new Interruption();
  try {
    const generate = await generatorFor(server);
    const asked = { description, url, signal: interruption.signal };
    const { cases, warnings } = await generate(asked, context);
    await writeCases({ cases, environments: [] }, write, context);
    for (const warning of warnings) context.remark(oneLine(warning));
    if (warnings.length > 0) context.exitWith(ExitCode.Wrong);
  } catch (error) {
    if (interruption.exitCode === undefined) throw error;
    context.exitWith(interruption.exitCode);
  } finally {
    interruption.stop();
  }
}

async function generatorFor(server: string | undefined): Promise<Generate> {
  if (server === undefined) return (await import("./generate-here.js")).generateHere;
  const { generateOnServer } = await import("./generate-on-server.js");
  return (request, context) => generateOnServer(server, request, context);
}
