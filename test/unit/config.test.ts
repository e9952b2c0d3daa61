import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../src/config.js";
import { scratchFolder } from "../support/scratch-folder.js";

test("everything has a default, and the default listens on this machine only", () => {
  expect(parseConfig({})).toMatchObject({
    PORT: 8000,
    HOST: "127.0.0.1",
    DATABASE_URL: "file:./data/stepwire.db",
    ARTIFACTS_DIR: "./data/artifacts",
    LOG_LEVEL: "info",
    ROLE: "all",
    SCREENSHOTS: "inline",
    VIDEO: "off",
    BROWSER: "chrome",
    BROWSER_HEADLESS: true,
    BROWSER_PROTOCOL: "auto",
    COMMAND_TIMEOUT: 10,
    READY_TIMEOUT: 5,
    NAVIGATION_GRACE: 1.5,
    TYPING_DELAY: 0,
    DIALOGS: "fail",
    STRICT_LOCATORS: false,
    STEP_TIMEOUT: 600,
    RUN_TIMEOUT: 3600,
    DRAIN_TIMEOUT: 0,
    PAUSE_HOLD: 300,
    ARTIFACTS_MAX_AGE: 30,
    ARTIFACTS_MAX_SIZE: 2000,
    RUNS_KEEP_DAYS: 0,
    RUNS_KEEP_PER_CASE: 0,
    OTEL_SERVICE_NAME: "stepwire",
    UPLOADS_DIR: "./data/uploads",
    ALLOWED_HOSTS: [],
    ALLOWED_ORIGINS: [],
    scriptEnv: {},
    secrets: {},
  });
});

test("an empty variable counts as one that is not set", () => {
  expect(parseConfig({ PORT: "", OPENAI_API_KEY: " " })).toMatchObject({ PORT: 8000 });
  expect(parseConfig({ OPENAI_API_KEY: "" }).OPENAI_API_KEY).toBeUndefined();
});

test("prices belong to models, whose names may have any sign", () => {
  const { AI_PRICES: prices } = parseConfig({ AI_PRICES: "gpt-4o-mini=0.15/0.60, org/llama3:8b=0/1" });
  expect(Object.fromEntries(prices)).toEqual({
    "gpt-4o-mini": { input: 0.15, output: 0.6 },
    "org/llama3:8b": { input: 0, output: 1 },
  });
});

test.each([
  [{ AI_DAILY_BUDGET: "5" }, "AI_DAILY_BUDGET: needs a price for the model 'gpt-4o-mini' in AI_PRICES"],
  [{ METRICS_TOKEN: "m".repeat(32) }, "METRICS_TOKEN: is for reading metrics, which METRICS=true turns on"],
  [{ METRICS: "true", METRICS_TOKEN: "short" }, "METRICS_TOKEN: must be at least 32 letters"],
  [{ AI_RECORD: "a" }, "AI_RECORD: needs an AI server"],
  [{ AI_RECORD: "a", AI_REPLAY: "b", OPENAI_API_KEY: "k" }, "AI_RECORD: is set, and so is AI_REPLAY"],
])("what a language model needs is named: %j", (environment, message) => {
  expect(() => parseConfig(environment)).toThrow(message);
});

test("values are read as what they are", () => {
  const config = parseConfig({
    PORT: "9000",
    BROWSER_HEADLESS: "false",
    COMMAND_TIMEOUT: "2.5",
    DIALOGS: "dismiss",
    ALLOWED_HOSTS: "app.example.com, *.test.example.com,127.0.0.1,[::1]",
    ALLOWED_ORIGINS: "https://qa.example.com",
  });
  expect(config).toMatchObject({
    PORT: 9000,
    BROWSER_HEADLESS: false,
    COMMAND_TIMEOUT: 2.5,
    DIALOGS: "dismiss",
    ALLOWED_HOSTS: ["app.example.com", "*.test.example.com", "127.0.0.1", "[::1]"],
    ALLOWED_ORIGINS: ["https://qa.example.com"],
  });
});

test("browsers get a span of ports, and the network's proxy", () => {
  expect(parseConfig({})).toMatchObject({
    BROWSER_PORTS: { first: 23_000, last: 23_999 },
    BROWSER_WEBRTC: "proxied",
  });
  const given = { BROWSER_PORTS: "40000-40299", BROWSER_PROXY: "http://me:pass@proxy.test:3128" };
  expect(parseConfig({ ...given, BROWSER_PROXY_BYPASS: "*.inside.test" })).toMatchObject({
    BROWSER_PORTS: { first: 40_000, last: 40_299 },
    BROWSER_PROXY: given.BROWSER_PROXY,
    BROWSER_PROXY_BYPASS: ["*.inside.test"],
  });
});

test.each(["23000", "23000-23100", "24000-23000", "80-1000", "65000-66000", "a-b"])(
  "BROWSER_PORTS %s are no ports for browsers",
  (value) => {
    expect(() => parseConfig({ BROWSER_PORTS: value })).toThrow("BROWSER_PORTS: must be");
  },
);

test.each([
  "proxy.test:3128",
  "https://proxy.test",
  "http://me:secret@proxy.test/path",
  "socks4://proxy.test",
])("BROWSER_PROXY %s is no proxy, and its login is in no message", (value) => {
  expect(() => parseConfig({ BROWSER_PROXY: value })).toThrow(/^BROWSER_PROXY: must be http(?!.*secret)/);
});

test("proxies are trusted by their addresses, their networks, or how many there are", () => {
  expect(parseConfig({}).TRUST_PROXY).toBeUndefined();
  expect(parseConfig({ TRUST_PROXY: "2" }).TRUST_PROXY).toBe(2);
  const networks = ["10.0.0.5", "192.168.0.0/16", "2001:db8::/32", "loopback"];
  expect(parseConfig({ TRUST_PROXY: networks.join(", ") }).TRUST_PROXY).toEqual(networks);
});

test.each([
  "true",
  "*",
  "0",
  "11",
  "1,2",
  "10.0.0.0/33",
  "0.0.0.0/0",
  "::/0",
  "proxy.example.com",
  "10.0.0.5/8/8",
])("everybody and what is no address is not trusted as a proxy: %s", (value) => {
  expect(() => parseConfig({ TRUST_PROXY: value })).toThrow(/^TRUST_PROXY: must be the addresses/);
});

test("firefox and plain WebDriver can be asked for", () => {
  expect(parseConfig({ BROWSER: "firefox", BROWSER_PROTOCOL: "classic" })).toMatchObject({
    BROWSER: "firefox",
    BROWSER_PROTOCOL: "classic",
  });
});

test("a part among several servers needs a database that takes several", () => {
  for (const role of ["server", "worker"]) {
    expect(() => parseConfig({ ROLE: role })).toThrow(/^ROLE: .* needs DATABASE_URL=postgresql:/);
    const shared = { ROLE: role, DATABASE_URL: "postgresql://stepwire@db.test/stepwire" };
    expect(parseConfig(shared)).toMatchObject({ ROLE: role });
  }
});

describe("allowed origins", () => {
  test.each([
    ["https://qa.example.com", ["https://qa.example.com"]],
    [
      "http://localhost:3000, https://qa.example.com:8443,",
      ["http://localhost:3000", "https://qa.example.com:8443"],
    ],
    ["http://[::1]:8000", ["http://[::1]:8000"]],
    ["https://xn--mnchen-3ya.example", ["https://xn--mnchen-3ya.example"]],
  ])("are taken as browsers write them: %s", (value, origins) => {
    expect(parseConfig({ ALLOWED_ORIGINS: value }).ALLOWED_ORIGINS).toEqual(origins);
  });

  test.each([
    ["*", "https://qa.example.com"],
    ["null", "https://qa.example.com"],
    ["qa.example.com", "https://qa.example.com"],
    ["//qa.example.com", "https://qa.example.com"],
    ["qa.example.com:443", "https://qa.example.com"],
    ["file://", "https://qa.example.com"],
    ["ws://qa.example.com", "https://qa.example.com"],
    ["chrome-extension://abcdefgh", "https://qa.example.com"],
    ["https://", "https://qa.example.com"],
    ["https://*.example.com", "https://qa.example.com"],
    ["https://a.example b.example", "https://qa.example.com"],
    ["https://QA.example.com", "https://qa.example.com"],
    ["HTTPS://qa.example.com", "https://qa.example.com"],
    ["https://qa.example.com/", "https://qa.example.com"],
    ["https://qa.example.com/login?x#y", "https://qa.example.com"],
    ["https://tester@qa.example.com", "https://qa.example.com"],
    ["https://qa.example.com:443", "https://qa.example.com"],
    ["http://qa.example.com:080", "http://qa.example.com"],
    ["https:qa.example.com", "https://qa.example.com"],
    ["https://münchen.example", "https://xn--mnchen-3ya.example"],
    ["http://127.1:3000", "http://127.0.0.1:3000"],
    ["http://localhost:3000, https://qa.example.com/", "https://qa.example.com"],
  ])("stop the start when written otherwise: %s", (value, suggested) => {
    const parse = () => parseConfig({ ALLOWED_ORIGINS: value });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(`such as ${suggested} (given: ${JSON.stringify(value)})`);
    expect(parse).toThrow(/^ALLOWED_ORIGINS: [^\n]*$/);
  });
});

test("scripts may read the environment variables that are named and set, and no others", () => {
  const { scriptEnv } = parseConfig({
    SCRIPT_ENV: "BASE_URL, TENANT,EMPTY",
    BASE_URL: "http://a.test",
    EMPTY: "",
  });
  expect(scriptEnv).toEqual({ BASE_URL: "http://a.test" });
});

describe("the keys of JSON Web Tokens", () => {
  test("are of one kind", () => {
    const parse = () =>
      parseConfig({ AUTH_JWT_SECRET: "x".repeat(32), AUTH_JWKS_URL: "https://login.test/keys" });
    expect(parse).toThrow(/^AUTH_JWT_SECRET: .*AUTH_JWKS_URL; keep one of them$/);
  });

  test("have a secret that is long enough, counted in bytes, and shown in no message", () => {
    expect(parseConfig({ AUTH_JWT_SECRET: "é".repeat(16) }).AUTH_JWT_SECRET).toHaveLength(16);
    const parse = () => parseConfig({ AUTH_JWT_SECRET: "hunter2" });
    expect(parse).toThrow(/^AUTH_JWT_SECRET: must be at least 32 bytes/);
    expect(parse).not.toThrow(/hunter2/);
  });
});

describe("secrets", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stepwire-config-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("come from variables, and from files without the line break at their end", async () => {
    await writeFile(join(folder, "TOKEN"), "to ken\r\n");
    await writeFile(join(folder, "key_2"), "\nkey\n\n");
    await writeFile(join(folder, "EMPTY"), "\n");
    const { secrets } = parseConfig({ SECRET_PASSWORD: " pass word ", SECRETS_DIR: folder });
    expect(secrets).toEqual({ PASSWORD: " pass word ", TOKEN: "to ken", key_2: "\nkey\n" });
  });

  test("are found as Kubernetes mounts them: links to files in a hidden folder", async () => {
    await mkdir(join(folder, "..2026_01_13"));
    await writeFile(join(folder, "..2026_01_13", "TOKEN"), "token");
    await symlink("..2026_01_13", join(folder, "..data"));
    await symlink(join("..data", "TOKEN"), join(folder, "TOKEN"));
    expect(parseConfig({ SECRETS_DIR: folder }).secrets).toEqual({ TOKEN: "token" });
  });

  test.each([
    ["a variable", { "SECRET_my-password": "hunter2" }, /^SECRET_my-password: .*letters, digits/],
    ["a number", { SECRET_1: "hunter2" }, /^SECRET_1: /],
  ])("that no script could name stop the start: %s", (_what, environment, message) => {
    const parse = () => parseConfig(environment);
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(/hunter2|\n/);
  });

  test("in a file that no script could name stop the start", async () => {
    await writeFile(join(folder, "my-password"), "hunter2");
    expect(() => parseConfig({ SECRETS_DIR: folder })).toThrow(
      /^SECRETS_DIR: .*my-password: .*letters, digits/,
    );
    expect(() => parseConfig({ SECRETS_DIR: folder })).not.toThrow(/hunter2/);
  });

  test("that are given twice stop the start", async () => {
    await writeFile(join(folder, "TOKEN"), "hunter2");
    const parse = () => parseConfig({ SECRET_TOKEN: "hunter3", SECRETS_DIR: folder });
    expect(parse).toThrow(/^SECRET_TOKEN: .*keep one/);
    expect(parse).not.toThrow(/hunter/);
  });

  test("in a folder that is not there stop the start", () => {
    expect(() => parseConfig({ SECRETS_DIR: join(folder, "nowhere") })).toThrow(/^SECRETS_DIR: .*ENOENT/);
  });
});

describe("a value that cannot be used stops the start with one line that names it", () => {
  test.each([
    ["PORT", "eight"],
    ["PORT", "70000"],
    ["PORT", "-1"],
    ["LOG_LEVEL", "loud"],
    ["ROLE", "both"],
    ["SCREENSHOTS", "yes"],
    ["VIDEO", "always"],
    ["BROWSER", "safari"],
    ["BROWSER_PROTOCOL", "bidi"],
    ["BROWSER_POOL_SIZE", "0"],
    ["STEP_TIMEOUT", "0"],
    ["RUN_TIMEOUT", "86401"],
    ["ARTIFACTS_MAX_AGE", "-1"],
    ["ARTIFACTS_MAX_SIZE", "2GB"],
    ["RUNS_KEEP_DAYS", "30d"],
    ["DRAIN_TIMEOUT", "-1"],
    ["RUNS_KEEP_PER_CASE", "-5"],
    ["SCRIPT_ENV", "BASE-URL"],
    ["SCRIPT_ENV", "SECRET_PASSWORD"],
    ["BROWSER_HEADLESS", "maybe"],
    ["COMMAND_TIMEOUT", "10s"],
    ["COMMAND_TIMEOUT", "0"],
    ["READY_TIMEOUT", "soon"],
    ["NAVIGATION_GRACE", "long"],
    ["TYPING_DELAY", "fast"],
    ["DIALOGS", "accept"],
    ["IGNORE_CERTIFICATE_ERRORS", "some"],
    ["SELENIUM_REMOTE_URL", "grid:4444"],
    ["OPENAI_BASE_URL", "file:///etc/passwd"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"],
    ["ALLOWED_HOSTS", "http://app.example.com"],
    ["ALLOWED_HOSTS", "localhost:3000"],
    ["AI_PRICES", "gpt-4o-mini=0.15"],
    ["AI_DAILY_BUDGET", "-1"],
    ["AI_DAILY_TOKENS", "1e6"],
  ])("%s=%s", (name, value) => {
    const parse = () => parseConfig({ [name]: value });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(new RegExp(`^${name}: .*given: .*${value.slice(0, 4)}`));
    expect(parse).not.toThrow(/\n/);
  });

  test("but never with a key or a password in it", () => {
    expect(() => parseConfig({ OPENAI_BASE_URL: "x", OPENAI_API_KEY: "sk-secret" })).not.toThrow(/sk-secret/);
  });
});

test("every value that cannot be used is named at once, a line each", () => {
  const environment = {
    PORT: "-1",
    COMMAND_TIMEOUT: "NaN",
    BROWSER: "opera",
    BROWSER_POOL_SIZE: "65",
    ALLOWED_ORIGINS: "*",
    "SECRET_not a name": "x\ny",
    SCRIPT_ENV: "HOME",
  };
  const error = faultsOf(environment);
  expect(error.split("\n")).toEqual([
    'PORT: must be a whole number from 0 to 65535 (given: "-1")',
    'BROWSER: must be one of chrome, edge, firefox (given: "opera")',
    'BROWSER_POOL_SIZE: must be a whole number from 1 to 64 (given: "65")',
    'COMMAND_TIMEOUT: must be a number of seconds above 0, at most 300 (given: "NaN")',
    expect.stringMatching(/^ALLOWED_ORIGINS: must be origins as browsers write them/),
    expect.stringMatching(/^SECRET_not a name: a script could not name this secret/),
  ]);
});

test("the browser's command line and a Selenium server's capabilities can be added to", () => {
  const environment = {
    BROWSER_ARGUMENTS: " --lang=de  --disable-features=One,Two ",
    SELENIUM_REMOTE_URL: "http://grid.test:4444",
    BROWSER_CAPABILITIES: '{"platformName": "linux", "moon:options": {"enableVNC": true}}',
  };
  expect(parseConfig(environment)).toMatchObject({
    BROWSER_ARGUMENTS: ["--lang=de", "--disable-features=One,Two"],
    BROWSER_CAPABILITIES: { platformName: "linux", "moon:options": { enableVNC: true } },
  });
});

test.each<[Record<string, string>, RegExp]>([
  [{ BROWSER_ARGUMENTS: "lang=de" }, /^BROWSER_ARGUMENTS: must be switches .*: lang=de is none/],
  ...["--remote-debugging-port=1", "--user-data-dir=/x", "--headless=old", "--no-proxy-server"].map(
    (each): [Record<string, string>, RegExp] => [
      { BROWSER_ARGUMENTS: each },
      /^BROWSER_ARGUMENTS: must leave --[\w-]+ to Stepwire/,
    ],
  ),
  [{ BROWSER_CAPABILITIES: "{}" }, /^BROWSER_CAPABILITIES: is for the browsers of a Selenium server/],
  ...["[]", "linux", "null"].map((each): [Record<string, string>, RegExp] => [
    { SELENIUM_REMOTE_URL: "http://grid.test", BROWSER_CAPABILITIES: each },
    /^BROWSER_CAPABILITIES: must be a JSON object/,
  ]),
  [
    { SELENIUM_REMOTE_URL: "http://grid.test", BROWSER_CAPABILITIES: '{"acceptInsecureCerts": true}' },
    /^BROWSER_CAPABILITIES: must leave acceptInsecureCerts to IGNORE_CERTIFICATE_ERRORS/,
  ],
])("what Stepwire sets by itself, or what is no such thing, is refused: %j", (environment, message) => {
  expect(() => parseConfig(environment)).toThrow(message);
});

function faultsOf(environment: Record<string, string>): string {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

describe("webhooks", () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;

  test("are URLs and one secret or more", () => {
    const config = parseConfig({
      WEBHOOK_URLS: "https://ci.example.com/a,http://127.0.0.1:9000",
      WEBHOOK_SECRET: secret,
    });
    expect(config.WEBHOOK_URLS).toEqual(["https://ci.example.com/a", "http://127.0.0.1:9000"]);
    expect(config.WEBHOOK_SECRET.map(({ length }) => length)).toEqual([32]);
  });

  test.each([
    [{ WEBHOOK_URLS: "https://a.example" }, "WEBHOOK_URLS: needs WEBHOOK_SECRET"],
    [{ WEBHOOK_URLS: "ftp://a.example", WEBHOOK_SECRET: secret }, "WEBHOOK_URLS: must be an http"],
    [{ WEBHOOK_URLS: "https://me:pass@a.example", WEBHOOK_SECRET: secret }, "without a name and password"],
    [{ WEBHOOK_URLS: "http://169.254.169.254/x", WEBHOOK_SECRET: secret }, "must not name 169.254.169.254"],
    [{ WEBHOOK_URLS: "http://[::ffff:a9fe:a9fe]/", WEBHOOK_SECRET: secret }, "hand out credentials"],
    [{ WEBHOOK_URLS: "http://metadata.google.internal", WEBHOOK_SECRET: secret }, "hand out credentials"],
    [{ WEBHOOK_SECRET: "whsec_c2hvcnQ=" }, "WEBHOOK_SECRET: must be whsec_ and 24 to 64 bytes"],
    [{ WEBHOOK_SECRET: `${secret},nothing` }, "WEBHOOK_SECRET: must be whsec_"],
  ])("%j stops the start, and no value is shown", (environment, problem) => {
    expect(() => parseConfig(environment)).toThrow(problem);
    expect(() => parseConfig(environment)).not.toThrow(/given:/);
  });
});

describe("the first token", () => {
  const ADMIN_TOKEN = `stw_${"a".repeat(32)}`;

  test("is in a variable or in a file", async () => {
    expect(parseConfig({ ADMIN_TOKEN }).adminToken).toBe(ADMIN_TOKEN);
    const { path, remove } = await scratchFolder();
    const file = join(path, "token");
    await writeFile(file, `${ADMIN_TOKEN}\n`);
    expect(parseConfig({ ADMIN_TOKEN_FILE: file }).adminToken).toBe(ADMIN_TOKEN);
    expect(() => parseConfig({ ADMIN_TOKEN, ADMIN_TOKEN_FILE: file })).toThrow("ADMIN_TOKEN_FILE; keep one");
    await remove();
    expect(() => parseConfig({ ADMIN_TOKEN_FILE: file })).toThrow("ADMIN_TOKEN_FILE: ENOENT");
  });

  test.each(["secret", "stw_short", `${ADMIN_TOKEN} b`])("that is '%s' stops the start, untold", (token) => {
    const error = (() => {
      try {
        parseConfig({ ADMIN_TOKEN: token });
        return "";
      } catch (thrown) {
        return String(thrown);
      }
    })();
    expect(error).toContain("ADMIN_TOKEN: must be stw_");
    expect(error).not.toContain(token);
  });
});
