import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { request, type RequestOptions } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { expect } from "vitest";
import WebSocket from "ws";
import { connect as connectClient } from "../../../src/client/index.js";
import { scriptTextOf } from "../../../src/protocol/script-text.js";
import { ownAppTest } from "../../support/app-fixtures.js";
import { closedPort } from "../../support/closed-port.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { CERTIFICATE, KEY } from "../../support/self-signed.js";

const HOST = "stepwire.example.com";
const PUBLIC_URL = `https://${HOST}`;
const ADMIN_TOKEN = `stw_${"n".repeat(40)}`;

const isInstalled = spawnSync("nginx", ["-v"]).status === 0;

/** The proxy as docs/operations.md has it, for a server of this test. */
async function configuration(server: string, port: number, folder: string): Promise<string> {
  const guide = await readFile("docs/operations.md", "utf8");
  const site = /^```nginx\n(.*?)^```$/ms.exec(guide)?.[1] ?? "";
  const replaced = site
    .replace("listen 443", `listen 127.0.0.1:${port}`)
    .replace("http://127.0.0.1:8000", `http://${server}`)
    .replaceAll("/etc/ssl", folder);
  expect(replaced).toContain(`proxy_pass http://${server};`);
  return `daemon off; pid ${folder}/nginx.pid; error_log stderr;
events {}
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path ${folder}/${of};`).join(" ")}
  ${replaced}
}`;
}

type Asked = Pick<RequestOptions, "method" | "localAddress"> & { headers?: Record<string, string> };

/** Resolves once the proxy takes connections. */
async function untilReady(nginx: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  while (nginx.exitCode === null) {
    try {
      await ask();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
    }
  }
  throw new Error("nginx did not start");
}

const test = ownAppTest()
  .override("environment", { PUBLIC_URL, TRUST_PROXY: "loopback", ADMIN_TOKEN })
  .extend("folder", async ({}, { onCleanup }) => {
    const { path, remove } = await scratchFolder();
    onCleanup(remove);
    return path;
  })
  .extend("proxy", async ({ testApp: { address }, folder }, { onCleanup }) => {
    const port = await closedPort();
    await writeFile(join(folder, "stepwire.crt"), CERTIFICATE);
    await writeFile(join(folder, "stepwire.key"), KEY);
    await writeFile(join(folder, "nginx.conf"), await configuration(address, port, folder));
    const nginx = spawn("nginx", ["-p", folder, "-c", "nginx.conf"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    onCleanup(async () => {
      nginx.kill("SIGQUIT");
      if (nginx.exitCode === null && nginx.signalCode === null) await once(nginx, "exit");
    });
    const headers = { host: HOST, authorization: `Bearer ${ADMIN_TOKEN}` };
    const own = { host: "127.0.0.1", port, rejectUnauthorized: false };
    const ask = async (path: string, { headers: more, ...options }: Asked = {}) => {
      const sent = request({ ...own, path, ...options, headers: { ...headers, ...more } });
      sent.end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      return { status: response.statusCode, headers: response.headers, body: await text(response) };
    };
    await untilReady(nginx, () => ask("/healthz"));
    return { port, ask };
  });

test.runIf(isInstalled)(
  "pages, sessions and WebSockets work behind nginx with https, as the guide sets it up (needs nginx)",
  async ({ proxy: { port, ask }, testApp }) => {
    const seleniumScriptJson = scriptTextOf([{ action: "log", message: "Hello" }]);
    const steps = [{ description: "Says hello", seleniumScriptJson }];
    const { id } = await testApp.app.cases.create({ name: "Case", steps });
    const page = await ask(`/test-case/${id}`);
    expect([page.status, page.body]).toEqual([
      200,
      expect.stringContaining(`curl -i -X POST ${PUBLIC_URL}/api/test-cases/${id}/run`),
    ]);
    const login = { method: "POST", headers: { origin: PUBLIC_URL }, localAddress: "127.0.0.2" };
    const session = await ask("/api/session", login);
    expect(session.headers["set-cookie"]?.[0]).toContain("Secure");
    expect((await ask("/api/stats", { headers: { origin: "https://evil.test" } })).status).toBe(403);

    // The class of the package, which sends the host that a browser would, and takes the certificate of the test.
    class Socket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers: { host: HOST }, rejectUnauthorized: false });
      }
    }
    const url = `https://127.0.0.1:${port}`;
    const client = await connectClient({ url, token: ADMIN_TOKEN, WebSocket: Socket });
    const run = client.executeAll(id);
    expect(await run.result).toMatchObject({ status: "passed" });
    client.close();
    expect((await ask("/api/audit")).body).toMatch(/"address":"127\.0\.0\.2","action":"log_in"/);
    expect(
      await ask(`/api/runs/${run.id ?? ""}/events`, { headers: { accept: "text/event-stream" } }),
    ).toMatchObject({
      status: 200,
      body: expect.stringContaining("all_steps_complete"),
    });
  },
);
