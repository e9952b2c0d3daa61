import { resolve } from "node:path";
import type { Command } from "commander";
import type { CommandContext } from "./command-context.js";

export function addArtifacts(program: Command, { environment, print, remark }: CommandContext): void {
  const artifacts = program
    .command("artifacts")
    .description("Look after the folder of pictures, videos and records.");
  artifacts
    .command("adopt")
    .description(
      "Give the folder or bucket ARTIFACTS_DIR to the database DATABASE_URL, whoever had it before.",
    )
    .addHelpText(
      "after",
      "\nA server does not start on a folder that another database has, or that is missing while its database has artifacts.",
    )
    .action(async () => {
      const { adoptArtifacts, isBucket } = await import("../db/index.js");
      const { parseConfig } = await import("../config.js");
      const { createCommandLog } = await import("./command-log.js");
      const { DATABASE_URL: url, ARTIFACTS_DIR: artifactsDir } = parseConfig(environment);
      const before = await adoptArtifacts({ url, artifactsDir, log: await createCommandLog() });
      const place = isBucket(artifactsDir) ? artifactsDir : resolve(artifactsDir);
      print(`${place} belongs to this database now.`);
      if (before !== undefined) remark(`The database ${before} had it and cannot use it any more.`);
      remark(
        "Start the server again, should it be running. Files in the folder that the database does not know go to its trash for seven days; artifacts whose files are not in it are listed as missing.",
      );
    });
}
