import { isPath } from "../protocol/commands.js";

/**
 * The address that a URL or path of a script stands for.
 *
 * @param baseUrl of the run's environment; a path begins at its host, and one that begins with `./` in its folder
 * @throws Error with the remedy when it is a path and there is no base URL, or when it leads to another host
 */
export function wholeUrl(written: string, baseUrl: string | undefined): string {
  if (!isPath(written)) return written;
  if (baseUrl === undefined) {
    throw new Error(
      `'${written}' is a path, and the run has no environment with a base URL; name one as 'environment' (--env), or write the whole URL`,
    );
  }
  // Without the last slash, the last part of the base URL would count as a file, and not as a folder.
  const base = new URL(baseUrl.replace(/\/?$/, "/"));
  const url = new URL(written, base);
  if (url.origin === base.origin) return url.href;
  throw new Error(`'${written}' leads away from ${base.origin}; write the whole URL if that is meant`);
}
