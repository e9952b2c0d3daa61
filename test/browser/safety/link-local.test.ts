import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { output } from "../../support/database-children.js";
import { ROADS } from "../../support/real-browser.js";

const ADDRESSES = ["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200"];
const NAMES = ["innocent.test", "metadata.google.internal", "instance-data", "mapped.test"];

/** True where this user may make networks. */
const mayUnshare = (() => {
  try {
    execFileSync("unshare", ["--net", "--mount", "ip", "link", "set", "lo", "up"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  const hosts = [
    "127.0.0.1 localhost",
    ...NAMES.slice(0, 3).map((name) => `169.254.169.254 ${name}`),
    "::ffff:169.254.169.254 mapped.test",
  ];
  await writeFile(join(folder, "hosts"), `${hosts.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

test.skipIf(!mayUnshare).each(ROADS)(
  "services that hand out credentials hear of no page and no script over %s (needs unshare and ip, as root)",
  async (road) => {
    const child = fileURLToPath(new URL("../../support/link-local-child.ts", import.meta.url));
    const script = [
      "ip link set lo up",
      ...ADDRESSES.map((address) =>
        `ip addr add ${address}/${address.includes(":") ? 128 : 32} dev lo nodad`.replace(
          / nodad$/,
          address.includes(":") ? " nodad" : "",
        ),
      ),
      `mount --bind "$1" /etc/hosts`,
      `shift; exec "$@"`,
    ].join(" && ");
    const told = await output(
      spawn(
        "unshare",
        [
          ...["--net", "--mount", "sh", "-c", script, "sh", join(folder, "hosts")],
          ...[process.execPath, "--import", "tsx", child, road, ADDRESSES.join(), NAMES.join()],
        ],
        { stdio: ["ignore", "pipe", "pipe"] },
      ),
    );
    expect(JSON.parse(told)).toEqual({ answered: [], opened: [], direct: "credentials", heard: [] });
  },
);
