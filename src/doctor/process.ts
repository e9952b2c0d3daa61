import { readFileSync } from "node:fs";
import { sandboxObstacle, SANDBOX_REMEDIES, thisProcess } from "../browser/setup/sandbox.js";
import type { Config } from "../config.js";
import { fileHandleLimit, fewFileHandles } from "../file-handles.js";
import { good, warning, wrong, type Finding } from "./finding.js";

/** Node.js itself, and the limits that the system gives this process. */
export function examineProcess({ BROWSER, SELENIUM_REMOTE_URL, ...config }: Config): Finding[] {
  const findings = [examineNode()];
  const needs = {
    maxConnections: config.MAX_CONNECTIONS || undefined,
    poolSize: config.BROWSER_POOL_SIZE,
  };
  const few = fewFileHandles(needs, fileHandleLimit());
  if (few !== undefined) {
    findings.push(
      warning("open files", `${few.limit} may be open at once, ${few.needed} may be needed: ${few.remedy}.`),
    );
  }
  const obstacle = sandboxObstacle(thisProcess());
  const hasSandbox = BROWSER === "firefox" || SELENIUM_REMOTE_URL !== undefined || obstacle === undefined;
  if (!hasSandbox) findings.push(warning("sandbox", `${capitalized(SANDBOX_REMEDIES[obstacle])}.`));
  return findings;
}

function examineNode(): Finding {
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    engines: { node: string };
  };
  const [, least = ""] = /^>=([\d.]+)$/.exec(engines.node) ?? [];
  const [major = 0, minor = 0] = least.split(".").map(Number);
  const [hasMajor = 0, hasMinor = 0] = process.versions.node.split(".").map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) {
    return good("Node.js", `${process.version}.`);
  }
  return wrong("Node.js", `${process.version} is too old: install ${least} or a later version.`);
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
