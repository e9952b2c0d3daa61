import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { host, list } from "./config-values.js";

/** A name that `${env.NAME}` or `${secret.NAME}` can have in a script. */
export const SCRIPT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Variables that begin so hold secrets for scripts. */
export const SECRET_PREFIX = "SECRET_";

/** A secret of such a name says where another one may be used. */
const HOSTS_SUFFIX = "_HOSTS";

export interface ScriptSecrets {
  /** Values of `${secret.NAME}` in scripts. */
  secrets: Record<string, string>;
  /** The only hosts on which a secret may be used, by its name; every host for one that is missing. */
  secretHosts: Record<string, string[]>;
}

/** A secret as it was found: the variable or the file, in words for the operator, and its value. */
interface Found {
  source: string;
  name: string;
  value: string;
}

/**
 * Reads the secrets of scripts from variables `SECRET_<NAME>` and from the files of `SECRETS_DIR`.
 *
 * @returns them, and the reasons why any of them cannot be used, a line each, without their values
 */
export function readSecrets(
  given: Readonly<Record<string, string | undefined>>,
): ScriptSecrets & { faults: string[] } {
  const faults: string[] = [];
  const read: Record<string, string> = {};
  for (const { source, name, value } of [
    ...fromVariables(given),
    ...fromFiles(given["SECRETS_DIR"], faults),
  ]) {
    if (!SCRIPT_NAME.test(name)) faults.push(`${source}: ${NAME_RULE}`);
    else if (Object.hasOwn(read, name))
      faults.push(
        `${SECRET_PREFIX}${name}: is set, and SECRETS_DIR has a file of that name; keep one of them`,
      );
    else read[name] = value;
  }
  return { ...withHosts(read, faults), faults };
}

function fromVariables(given: Readonly<Record<string, string | undefined>>): Found[] {
  return Object.entries(given).flatMap(([variable, value]) => {
    if (!variable.startsWith(SECRET_PREFIX) || value === undefined) return [];
    return [{ source: variable, name: variable.slice(SECRET_PREFIX.length), value }];
  });
}

/** Reads one secret a file, as Docker and Kubernetes mount them. Names that begin with a dot are Kubernetes' own. */
function fromFiles(folder: string | undefined, faults: string[]): Found[] {
  if (folder === undefined) return [];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith(".") && !entry.isDirectory())
      .map(({ name }) => {
        const value = readFileSync(join(folder, name), "utf8").replace(/\r?\n$/, "");
        return { source: `SECRETS_DIR: ${join(folder, name)}`, name, value };
      });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    faults.push(`SECRETS_DIR: ${folder} cannot be read as a folder of files (${code})`);
    return [];
  }
}

/** Takes the lists of hosts, and secrets that are empty, out of the values that were read. */
function withHosts(read: Readonly<Record<string, string>>, faults: string[]): ScriptSecrets {
  const secrets: Record<string, string> = {};
  const secretHosts: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(read)) {
    if (!name.endsWith(HOSTS_SUFFIX)) {
      if (value !== "") secrets[name] = value;
      continue;
    }
    const bound = name.slice(0, -HOSTS_SUFFIX.length);
    const variable = SECRET_PREFIX + name;
    if (!Object.hasOwn(read, bound)) {
      faults.push(
        `${variable}: there is no secret '${bound}' whose hosts these could be; no other secret's name may end in ${HOSTS_SUFFIX}`,
      );
      continue;
    }
    const hosts = list.pipe(z.array(host).min(1)).safeParse(value);
    // A file may hold anything, perhaps a secret that was put into the wrong one.
    if (hosts.success) secretHosts[bound] = hosts.data;
    else faults.push(`${variable}: must be host names, without scheme, port or path`);
  }
  return { secrets, secretHosts };
}

const NAME_RULE =
  "a script could not name this secret; use letters, digits and underscores, not beginning with a digit";
