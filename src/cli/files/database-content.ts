import { ImportService } from "../../cases/import.js";
import { openContent } from "../../db/index.js";
import { environmentToFile, toContent, toFile } from "../../formats/yaml/stored.js";
import { createCommandLog } from "../command-log.js";
import type { StoredCases } from "./content.js";

/** The cases of the local database, beside a server or without one. */
export async function casesOfDatabase(url: string): Promise<StoredCases> {
  const { importStore, close } = await openContent({ url, log: await createCommandLog() });
  const service = new ImportService(importStore);
  return {
    import: (content, options) => service.import(toContent(content), options),
    async export(filter) {
      const { cases, environments } = await service.export(filter);
      return { cases: cases.map(toFile), environments: environments.map(environmentToFile) };
    },
    close,
  };
}
