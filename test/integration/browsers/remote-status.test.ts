import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { checkRemote } from "../../../src/browser/setup/remote-status.js";
import { closedPort } from "../../support/closed-port.js";
import { startTinySite, type TinyPage, type TinySite } from "../../support/tiny-site.js";

let server: TinySite | undefined;

afterEach(() => server?.close());

/** @returns the host of a server that answers so */
async function serve(status: TinyPage): Promise<string> {
  server = await startTinySite({ "/status": status, "/wd/hub/status": status });
  return new URL(server.url).host;
}

const answering = (answer: string, asked: IncomingMessage[] = []) =>
  serve((_query, response) => {
    asked.push(response.req);
    return answer;
  });

const soon = () => AbortSignal.timeout(5_000);

test("a server that is ready is asked at its own place, with the credentials of its address", async () => {
  const asked: IncomingMessage[] = [];
  const host = await answering('{"value":{"ready":true,"message":"Selenium Grid ready."}}', asked);
  await checkRemote(`http://${host}`, soon());
  await checkRemote(`http://ada:p%40ss@${host}/wd/hub/`, soon());
  expect(asked.map(({ url }) => url)).toEqual(["/status", "/wd/hub/status"]);
  const credentials = Buffer.from("ada:p@ss").toString("base64");
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([undefined, `Basic ${credentials}`]);
});

describe("a server that can give no browser", () => {
  test("says why", async () => {
    const host = await answering('{"value":{"ready":false,"message":"no node has registered"}}');
    await expect(checkRemote(`http://ada:secret@${host}`, soon())).rejects.toThrow(
      `The Selenium server at SELENIUM_REMOTE_URL (${host}) is not ready: no node has registered`,
    );
  });

  test.each(["{}", "null", '{"value":null}'])("or answers something else: %s", async (answer) => {
    const host = await answering(answer);
    await expect(checkRemote(`http://${host}`, soon())).rejects.toThrow("is not ready: it tells no status");
  });

  test("or is none", async () => {
    const host = await answering("<html>");
    await expect(checkRemote(`http://${host}`, soon())).rejects.toThrow("does not answer. Start it");
    await expect(checkRemote(`http://127.0.0.1:${await closedPort()}`, soon())).rejects.toThrow(
      "does not answer. Start it",
    );
  });

  test("and one that keeps silent is given up with the signal's reason", async () => {
    const host = await serve(() => undefined);
    const controller = new AbortController();
    const checking = checkRemote(`http://${host}`, controller.signal);
    controller.abort(new Error("too late"));
    await expect(checking).rejects.toThrow("too late");
  });
});
