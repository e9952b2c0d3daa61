import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "vitest";
import { carryOut } from "../../support/command-line.js";
import { closedPort } from "../../support/closed-port.js";
import { folderTest } from "../../support/scratch-fixtures.js";

const RUN = "0a1f7c1e-6f0e-4a53-9f0b-1f5f5d0f3a11";

const test = folderTest.extend("server", async ({}, { onCleanup }) => {
  const server = createServer((_request, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onCleanup(() => void server.close());
  return { port: String((server.address() as AddressInfo).port) };
});

test("without a display the address is printed alone", async ({ server: { port } }) => {
  const environment = { PORT: port };
  const open = async (...line: string[]) => (await carryOut(["open", ...line], { environment })).said;
  expect(await open()).toBe(`http://127.0.0.1:${port}/`);
  expect(await open("5")).toBe(`http://127.0.0.1:${port}/test-case/5`);
  expect(await open(RUN, "--server", `http://localhost:${port}`)).toBe(
    `http://localhost:${port}/runs/${RUN}`,
  );
});

test.runIf(process.platform === "linux")(
  "with a display the desktop's own program opens it (Linux: xdg-open)",
  async ({ server: { port }, folder }) => {
    const opener = join(folder, "xdg-open");
    await writeFile(opener, `#!/bin/sh\necho "$1" "\${BROWSER-unset}" > ${join(folder, "opened")}\n`);
    await chmod(opener, 0o755);
    const environment = { PORT: port, DISPLAY: ":0", PATH: `${folder}:/usr/bin:/bin`, BROWSER: "chrome" };
    const { remarked, code } = await carryOut(["open", "5"], { environment });
    expect({ remarked, code }).toEqual({ remarked: "", code: 0 });
    expect(await readFile(join(folder, "opened"), "utf8")).toBe(
      `http://127.0.0.1:${port}/test-case/5 unset\n`,
    );
    await writeFile(opener, "#!/bin/sh\nexit 3\n");
    expect((await carryOut(["open"], { environment })).remarked).toBe(
      "xdg-open could not open a browser (3). Open the address yourself.",
    );
  },
);

test("what cannot be opened is told with its remedy", async ({ server: { port } }) => {
  const remarkOf = async (environment: Record<string, string>, ...line: string[]) => {
    const { remarked, code } = await carryOut(["open", ...line], { environment });
    expect(code).toBe(2);
    return remarked;
  };
  expect(await remarkOf({ PORT: port }, "login")).toContain("'login' is the id of neither");
  expect(await remarkOf({ PORT: "0" })).toContain("--server");
  expect(await remarkOf({ PORT: String(await closedPort()) })).toContain('"stepwire serve"');
  expect(await remarkOf({}, "--server", "stepwire")).toContain("no http or https address");
});
