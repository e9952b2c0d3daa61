import { statfsSync } from "node:fs";

/** Types of file systems that other machines may have too, from statfs(2) and the kernel's magic.h. */
const NETWORK_TYPES: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0x517b: "SMB",
  0xff534d42: "CIFS",
  0xfe534d42: "SMB2",
  0x01021997: "9p",
  0x00c36400: "Ceph",
  0x0bd00bd0: "Lustre",
  0x5346414f: "AFS",
  0x01161970: "GFS2",
  0x7461636f: "OCFS2",
};

/** The kind of a file system that other machines may have too; `undefined` for one of this machine, or unknown. */
export function networkFileSystemOf(
  folder: string,
  typeOf: (folder: string) => number = (path) => statfsSync(path).type,
): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    // Some systems tell it as a signed number.
    return NETWORK_TYPES[typeOf(folder) >>> 0];
  } catch {
    return undefined;
  }
}
