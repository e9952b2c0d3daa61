import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

/** True where a test can have a disk of its own: only root of a Linux machine may mount one. */
export const CAN_MOUNT = process.platform === "linux" && process.getuid?.() === 0 && mayMount();

/** A small disk in memory, which a test fills up. */
export interface SmallDisk {
  /** @param leaveBytes bytes that stay free. @defaultValue 0 */
  fill(leaveBytes?: number): void;
  empty(): void;
  remove(): void;
}

export function mountSmallDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  const filling = join(folder, "filling");
  return {
    fill: (leaveBytes = 0) => {
      const { bavail, bsize } = statfsSync(folder);
      appendFileSync(filling, Buffer.alloc(bavail * bsize - leaveBytes));
    },
    empty: () => {
      rmSync(filling);
    },
    remove: () => {
      execFileSync("umount", ["--lazy", folder]);
    },
  };
}

/** A container may have root without the right to mount. */
function mayMount(): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
