import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Gives the process that it becomes a disk of its own at a folder, which nobody else sees. */
const MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';

/** Of util-linux: gives a process mounts of its own. */
const UNSHARE = "unshare";

/** Why no test can have a disk of its own here; nothing where one can. */
export const noSmallDisks = reasonAgainst();

function reasonAgainst(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  const { status } = spawnSync(UNSHARE, ["-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]);
  return status === 0 ? undefined : "needs root, who may mount";
}

/** The beginning of a command line whose process has a small file system at a folder. */
export function onSmallDisk(folder: string, megabytes: number): string[] {
  return [UNSHARE, "-m", "sh", "-c", MOUNT, "sh", `${megabytes}m`, folder];
}

/** The disk at a folder of another process. */
export class DiskOf {
  readonly #folder: string;
  readonly #filler: string;

  /** @param pid of a process that was begun with {@link onSmallDisk} */
  constructor(pid: number, folder: string) {
    this.#folder = `/proc/${pid}/root${folder}`;
    this.#filler = join(this.#folder, "filler");
  }

  /** Takes all that is free but for some bytes, as another program might at once. */
  fill(left = 0): void {
    const file = openSync(this.#filler, "a");
    try {
      for (const size of [1_000_000, 100_000, 4_096]) {
        while (this.freeBytes - size >= left && writeSync(file, Buffer.alloc(size, 1)) === size);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.#folder);
    return bavail * bsize;
  }

  /** Space that a server keeps free for verdicts, in bytes. */
  reserved(): number {
    return statSync(join(this.#folder, "test.db-reserve"), { throwIfNoEntry: false })?.size ?? 0;
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }
}
