import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { browsing, by, click, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinyPage, type TinySite } from "../../support/tiny-site.js";
import { scratchFolder } from "../../support/scratch-folder.js";

const PAGE = `<!doctype html><html lang="en"><title>Orders</title>
<button id="load">Load</button> <button id="send">Send</button> <button id="far">Elsewhere</button>
<button id="work">Worker</button> <a id="popup" href="/" target="_blank">Open</a>
<p id="came"></p>
<script>
  const tell = (text) => { came.textContent += text + "; "; };
  const ask = (url, more) => fetch(url, more)
    .then(async (answer) => tell(answer.status + " " + await answer.text()), () => tell("no network"));
  load.onclick = () => ask("/api/orders?page=1");
  send.onclick = () => ask("/api/orders?page=1", { method: "POST", body: '{"amount": 3}' });
  far.onclick = () => ask(document.title + "/api/orders", { method: "PUT", headers: { "x-token": "1" } });
  work.onclick = () => { new Worker("/worker.js").onmessage = ({ data }) => tell(data); };
</script>`;

describe.each(ROADS.filter((road) => road !== "firefox"))("requests over %s", (road) => {
  const { run, pass, restart } = browsing(road);
  let site: TinySite;
  /** Method and path of each request that has come to the server. */
  let asked: string[] = [];
  const answering =
    (answer: string, type = "text/plain"): TinyPage =>
    (_query, response) => {
      asked.push(`${response.req.method} ${response.req.url}`);
      response.writeHead(200, { "content-type": type, "cache-control": "max-age=60" }).end(answer);
      return undefined;
    };
  beforeAll(async () => {
    site = await startTinySite({
      "/": () => PAGE.replace("<title>Orders", `<title>${site.otherUrl}`),
      "/around": () => `<!doctype html><iframe src="${site.otherUrl}/" width="600" height="300"></iframe>`,
      "/api/orders": answering("the server's"),
      "/worker.js": answering(
        `fetch("/api/orders").then((answer) => answer.text()).then(postMessage, () => postMessage("no network"))`,
        "text/javascript",
      ),
      "/private": (_query, response) => {
        const { authorization } = response.req.headers;
        const given = authorization?.startsWith("Basic ")
          ? Buffer.from(authorization.slice(6), "base64").toString()
          : undefined;
        asked.push(`login ${given ?? "none"}`);
        if (given === "tester:s3cret-word") return "<p id=came>Welcome</p>";
        const challenge = { "www-authenticate": 'Basic realm="Test"', "content-type": "text/html" };
        response.writeHead(401, challenge).end("<p id=came>Log in first</p>");
        return undefined;
      },
    });
  });
  afterAll(async () => {
    await site.close();
  });
  beforeEach(() => {
    asked = [];
  });
  const open = (path = "/"): Command => ({ action: "navigate", url: site.url + path });
  const mock = (fields: object): Command => ({ action: "mock_response", url: "**/api/orders*", ...fields });

  test("an answer of the test comes in place of the server's, with its status and headers", async () => {
    await pass(
      open(),
      click("load"),
      shows("came", "200 the server's"),
      mock({ status: 503, body: "out of order", headers: { "Retry-After": "1" } }),
      click("load"),
      shows("came", "503 out of order"),
    );
    expect(asked).toEqual(["GET /api/orders?page=1"]);
  });

  test("an answer is for its method alone, and later rules go first", async () => {
    await pass(
      mock({ body: "any" }),
      mock({ method: "post", body: "posted" }),
      open(),
      click("load"),
      shows("came", "200 any"),
      click("send"),
      shows("came", "200 posted"),
    );
    expect(asked).toEqual([]);
  });

  test("a rule for one time leaves the second request to the server", async () => {
    await pass(
      mock({ status: 500, body: "fault", times: 1 }),
      open(),
      click("load"),
      shows("came", "500 fault"),
      click("load"),
      shows("came", "500 fault; 200 the server's"),
    );
  });

  test("a body may be a file of the upload folder", async () => {
    const folder = await scratchFolder();
    onTestFinished(() => folder.remove());
    await writeFile(join(folder.path, "orders.json"), '{"orders": [1, 2]}');
    const { outcome } = await run(
      [mock({ file: "orders.json" }), open(), click("load"), shows("came", '200 {"orders": [1, 2]}')],
      { uploadsDir: folder.path },
    );
    expect(outcome).toEqual({ verdict: "passed" });
    const { outcome: outside } = await run([mock({ file: "../secrets" })], { uploadsDir: folder.path });
    expect(outside).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("is outside the upload folder") as string,
    });
  });

  test("blocked requests reach no server, until the rules are taken back", async () => {
    await pass(
      { action: "block_requests", url: "/api/**", resource_type: "fetch" },
      open(),
      click("load"),
      shows("came", "no network"),
      { action: "clear_request_rules" },
      click("load"),
      shows("came", "no network; 200 the server's"),
    );
    expect(asked).toEqual(["GET /api/orders?page=1"]);
  });

  test("a page can be made up as a whole, and a redirect leads on", async () => {
    await pass(
      mock({ url: `${site.url}/made-up`, body: "<!doctype html><h1 id=came>Made up</h1>" }),
      mock({ url: "/old", status: 302, headers: { Location: "/made-up" } }),
      open("/old"),
      shows("came", "Made up"),
      { action: "verify_url", expected_url: `${site.url}/made-up` },
    );
  });

  test.runIf(road === "cdp")(
    "a request of another site may be answered, its preflight included",
    async () => {
      await pass(
        mock({ url: `${site.otherUrl}/api/orders`, method: "PUT", body: "from afar", times: 1 }),
        open(),
        click("far"),
        shows("came", "200 from afar"),
      );
      expect(asked).toEqual([]);
    },
  );

  test("a window that a page opens keeps to the rules", async () => {
    const { logs } = await pass(
      mock({ body: "canned" }),
      open(),
      click("popup"),
      { action: "switch_window", last: true },
      click("load"),
      shows("came", "200 canned"),
    );
    const told = expect.stringContaining("does not reach frames of other sites") as string;
    if (road === "classic") expect(logs).toContainEqual({ level: "warning", message: told });
    else expect(logs).toEqual([]);
    expect(asked).toEqual([]);
  });

  test.runIf(road === "cdp")("frames of other sites and workers keep to the rules", async () => {
    await pass(
      mock({ body: "canned" }),
      open("/around"),
      { action: "switch_frame", ...by("tag", "iframe") },
      click("load"),
      shows("came", "200 canned"),
      click("work"),
      shows("came", "200 canned; canned"),
      { action: "clear_request_rules" },
      click("work"),
      shows("came", "200 canned; canned; the server's"),
    );
    expect(asked.filter((one) => one.includes("orders"))).toEqual(["GET /api/orders"]);
  });

  test("hosts that may not be opened are answered by no rule, and secrets given to no page", async () => {
    const elsewhere = mock({ url: "**/api/**", body: "there" });
    const { outcome } = await run(
      [
        elsewhere,
        open(),
        click("far"),
        shows("came", "no network"),
        click("load"),
        shows("came", "200 there"),
      ],
      { allowedHosts: ["127.0.0.1"] },
    );
    expect(outcome, JSON.stringify(outcome)).toEqual({ verdict: "passed" });
    const variables = new RunVariables({ env: {}, secrets: { WORD: "s3cret-word" } });
    const secret = await run([mock({ body: "${secret.WORD}" })], { variables });
    expect(secret.outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("would come to whatever page asks") as string,
    });
  });

  test("a server that asks the browser for a login gets it, in no other run, and a wrong one shows its answer", async () => {
    const variables = new RunVariables({ env: {}, secrets: { WORD: "s3cret-word" } });
    const login = (password: string): Command => ({
      action: "set_http_credentials",
      origin: site.url,
      username: "tester",
      password,
    });
    const { outcome, messages } = await run(
      [
        login("wrong"),
        open("/private"),
        shows("came", "Log in first"),
        login("${secret.WORD}"),
        open("/private"),
        shows("came", "Welcome"),
      ],
      { variables },
    );
    expect(outcome, JSON.stringify(outcome)).toEqual({ verdict: "passed" });
    expect(messages.join()).not.toContain("s3cret-word");
    expect(asked).toEqual(["login none", "login tester:wrong", "login none", "login tester:s3cret-word"]);

    asked = [];
    await restart();
    const { outcome: without } = await run([open("/private")]);
    const remedy = road === "cdp" ? "which set_http_credentials gives" : "could not be opened";
    expect(without).toMatchObject({
      verdict: "error",
      message: expect.stringContaining(remedy) as string,
    });
    expect(asked).toEqual(["login none"]);
  });
});

describe.each(ROADS.filter((road) => road !== "firefox"))(
  "checks of requests and the console over %s",
  (road) => {
    const { run, pass, fail } = browsing(road);
    let site: TinySite;
    beforeAll(async () => {
      site = await startTinySite({
        "/": () => `<!doctype html><html lang="en"><title>Shop</title><p id="came"></p>
<button id="order">Order</button> <button id="late">Later</button> <button id="twice">Twice</button>
<button id="bad">Bad</button> <button id="warn">Warn</button> <button id="none">Nothing</button>
<button id="work">Worker</button> <button id="lost">Lost</button>
<script>
  const send = (amount) => fetch("/api/orders", { method: "POST", body: JSON.stringify({ amount }) })
    .then(({ status }) => { came.textContent += status + "; "; });
  order.onclick = () => send(3);
  twice.onclick = () => { send(1); setTimeout(send, 100, 2); };
  late.onclick = () => setTimeout(send, 200, 4);
  bad.onclick = () => { came.textContent += "bad; "; missing.call(); };
  warn.onclick = () => { console.warn("take care"); came.textContent += "warned; "; };
  lost.onclick = () => fetch("/api/lost").then(({ status }) => { came.textContent += status + "; "; });
  work.onclick = () => new Worker("/worker.js");
</script>`,
        "/api/orders": (_query, response) => {
          response.writeHead(201).end();
          return undefined;
        },
        "/worker.js": (_query, response) => {
          response.writeHead(200, { "content-type": "text/javascript" }).end('fetch("/api/orders")');
          return undefined;
        },
      });
    });
    afterAll(async () => {
      await site.close();
    });
    const home = (): Command => ({ action: "navigate", url: `${site.url}/` });
    const verify = (fields: object = {}): Command => ({
      action: "verify_request",
      url: "**/api/orders",
      ...fields,
    });
    const quiet = (fields: object = {}): Command => ({ action: "verify_console", ...fields });

    test("a request is found by address, method, status and body", async () => {
      await pass(
        home(),
        click("order"),
        {
          action: "wait_for_request",
          url: "/api/orders",
          method: "POST",
          status: 201,
          resource_type: "fetch",
        },
        verify({ expected_body: '"amount":3', count: 1 }),
        verify({ method: "DELETE", count: 0 }),
        verify({ expected_body: '"amount":4', not: true }),
      );
    });

    test("a request that comes late is waited for, and spoils a check that none comes", async () => {
      await pass(home(), click("late"), verify({ expected_body: '"amount":4' }));
      const message = await fail(home(), click("late"), verify({ count: 0 }));
      expect(message).toMatch(
        /expected no requests to '.*\/api\/orders'.*but there was POST http:.*\/api\/orders \(/,
      );
      expect(await fail(home(), click("twice"), verify({ count: 1 }))).toContain("there were 2: POST");
    });

    test("a request from before the last command that acts counts for none but the whole run", async () => {
      await pass(home(), click("order"), shows("came", "201"), click("none"), verify({ since: "run" }));
      const message = await fail(home(), click("order"), shows("came", "201"), click("none"), {
        ...verify(),
        timeout: 0.3,
      } as Command);
      expect(message).toContain("no request was sent since the last command that acts (click); POST http");
      const without = await fail(home(), click("order"), {
        ...verify({ method: "PUT" }),
        timeout: 0.5,
      } as Command);
      expect(without).toMatch(/there was only POST .*\(201\)/);
    });

    test("an error in the console fails the step with its text, and only for the command before it", async () => {
      const message = await fail(home(), click("bad"), shows("came", "bad"), quiet());
      expect(message).toContain("expected no error in the console, but there was");
      expect(message).toMatch(/missing is not defined/);
      await pass(
        click("none"),
        quiet(),
        click("warn"),
        shows("came", "warned"),
        quiet(),
        quiet({ since: "run", ignore: ["missing is not", "take care"], level: "warning" }),
      );
      expect(
        await fail(click("warn"), shows("came", "warned; warned"), quiet({ level: "warning" })),
      ).toContain("take care");
    });

    test("an answer that is an error counts for the console, and is ignored by its address", async () => {
      const message = await fail(home(), click("lost"), shows("came", "404"), quiet());
      expect(message).toContain("/api/lost");
      await pass(quiet({ since: "run", ignore: ["**/api/lost*"], match: "glob" }));
    });

    test.runIf(road === "cdp")("requests of workers count too", async () => {
      await pass(home(), click("work"), verify({ method: "GET" }));
    });

    test("a pattern can ask for no secret", async () => {
      const variables = new RunVariables({ env: {}, secrets: { WORD: "s3cret-word" } });
      const { outcome } = await run([verify({ url: "**?q=${secret.WORD}" })], { variables });
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining("part of a pattern") as string,
      });
    });
  },
);
