import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Logger } from "pino";

/** Longest time to find out if there are namespaces, in milliseconds. */
const PROBE_TIMEOUT_MS = 2_000;

/** The surroundings of a browser, as far as its sandbox cares. */
export interface Surroundings {
  isRoot: boolean;
  inContainer: boolean;
  /** Tells if Linux lets this user make the namespaces that the sandbox consists of. */
  hasNamespaces: () => boolean;
}

/** The reason why a browser has to do without its sandbox. */
export type SandboxObstacle = "root" | "container";

/** The consequence of each, and the remedy. */
export const SANDBOX_REMEDIES: Record<SandboxObstacle, string> = {
  root: "the browser runs without its sandbox, because the server runs as root: run it as another user",
  container:
    "the browser runs without its sandbox, because this container has no user namespaces: allow them (with Docker, a seccomp profile that lets clone and unshare through)",
};

/**
 * Tells why Chromium's sandbox cannot work: it refuses to run as root, and containers mostly take away its parts.
 *
 * @returns `undefined` where it works
 */
export function sandboxObstacle(surroundings: Surroundings): SandboxObstacle | undefined {
  const { isRoot, inContainer, hasNamespaces } = surroundings;
  if (isRoot) return "root";
  return inContainer && !hasNamespaces() ? "container" : undefined;
}

/** Warns at the start of a missing sandbox, which would hold a page that breaks out, and says how to have one. */
export function warnOfNoSandbox(log: Logger, surroundings: Surroundings = thisProcess()): void {
  const obstacle = sandboxObstacle(surroundings);
  if (obstacle !== undefined) log.warn({ sandbox: false, because: obstacle }, SANDBOX_REMEDIES[obstacle]);
}

/** The surroundings of this process. */
export function thisProcess(): Surroundings {
  return { isRoot: process.getuid?.() === 0, inContainer: isInContainer(), hasNamespaces };
}

let namespaces: boolean | undefined;

/** Makes namespaces to find out, as only that tells: seccomp, AppArmor and sysctl can each forbid it. */
function hasNamespaces(): boolean {
  namespaces ??=
    spawnSync("unshare", ["--user", "--pid", "--net", "--fork", "true"], {
      stdio: "ignore",
      timeout: PROBE_TIMEOUT_MS,
    }).status === 0;
  return namespaces;
}

/** The signs that {@link isInContainer} reads. */
export interface ContainerSigns {
  exists(path: string): boolean;
  /** The file's text; empty when it cannot be read. */
  read(path: string): string;
}

/** Tells if this process runs in a Docker, Podman, Kubernetes or LXC container. */
export function isInContainer(signs: ContainerSigns = realSigns): boolean {
  if (signs.exists("/.dockerenv") || signs.exists("/run/.containerenv")) return true;
  return /docker|containerd|kubepods|libpod|lxc/.test(signs.read("/proc/1/cgroup"));
}

const realSigns: ContainerSigns = {
  exists: existsSync,
  read: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  },
};
