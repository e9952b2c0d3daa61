import { realpath, stat } from "node:fs/promises";
import path from "node:path";

/**
 * The paths of files in the upload folder. A link that leads out of the folder is as good as a path that does.
 *
 * @throws Error that tells where the files belong when one is not there.
 */
export async function resolveUploads(
  names: readonly string[],
  uploadsDir: string | undefined,
): Promise<string[]> {
  if (uploadsDir === undefined) {
    throw new Error("this server has no folder of files to upload; name one in UPLOADS_DIR");
  }
  const folder = await realpath(uploadsDir).catch(() => {
    throw new Error(`the upload folder '${uploadsDir}' is not there; make it or change UPLOADS_DIR`);
  });
  return Promise.all(names.map((name) => resolveUpload(name, folder)));
}

async function resolveUpload(name: string, folder: string): Promise<string> {
  const wanted = path.resolve(folder, name);
  if (path.isAbsolute(name) || !isInside(wanted, folder)) throw outside(name);
  const file = await realpath(wanted).catch(() => undefined);
  if (file !== undefined && !isInside(file, folder)) throw outside(name);
  if (file === undefined || !(await stat(file)).isFile()) {
    throw new Error(`there is no file '${name}' to upload; put it into the upload folder (UPLOADS_DIR)`);
  }
  return file;
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== "" && !relative.split(path.sep).includes("..") && !path.isAbsolute(relative);
}

function outside(name: string): Error {
  return new Error(
    `the file '${name}' is outside the upload folder; put it there (UPLOADS_DIR) and give its name only`,
  );
}
