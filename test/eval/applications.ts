import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parse } from "yaml";
import { z } from "zod";

const Defect = z.strictObject({ find: z.string().min(1), replace: z.string() });

const LabelledDescription = z.strictObject({
  description: z.string().min(1),
  /** It says too little for a test, so that none of it may be green. */
  isIncomplete: z.boolean().default(false),
  /** Faults of the application that a test of this description must find. */
  defects: z.array(z.string()).min(1),
});
export type LabelledDescription = z.infer<typeof LabelledDescription>;

const Labels = z.strictObject({
  /** The values of `${env.NAME}` and `${secret.NAME}`. */
  variables: z.record(z.string(), z.string()).default({}),
  secrets: z.record(z.string(), z.string()).default({}),
  defects: z.record(z.string(), Defect),
  descriptions: z.array(LabelledDescription).min(1),
});

/** An application in one HTML file, with descriptions of tests and the defects that these must find. */
export interface LabelledApplication extends z.infer<typeof Labels> {
  name: string;
  html: string;
}

/** @throws Error that names the label that is none, or the defect that its application cannot have */
export async function readApplications(): Promise<LabelledApplication[]> {
  const folder = new URL("applications/", import.meta.url);
  const names = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
  return await Promise.all(
    names.map(async (file) => {
      const name = file.replace(/\.yaml$/, "");
      const html = await readFile(new URL(`${name}.html`, folder), "utf8");
      const labels = Labels.safeParse(parse(await readFile(new URL(file, folder), "utf8")));
      if (!labels.success) throw new Error(`${file}: ${z.prettifyError(labels.error)}`);
      const application = { name, html, ...labels.data };
      for (const { defects } of labels.data.descriptions) for (const one of defects) broken(application, one);
      return application;
    }),
  );
}

/** The application with one of its defects. */
export function broken({ name, html, defects }: LabelledApplication, defect: string): string {
  const { find, replace } = defects[defect] ?? {};
  if (find === undefined || replace === undefined) throw new Error(`${name}: there is no defect "${defect}"`);
  if (!html.includes(find)) throw new Error(`${name}: "${defect}" is not to be had, for there is no ${find}`);
  return html.replaceAll(find, () => replace);
}

/** Serves an application at every path of a port of its own. */
export async function serve(html: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
