import { expect, test } from "vitest";
import { browserEnvironment } from "../../../../src/browser/setup/environment.js";

const OWN = {
  BREAKPAD_DUMP_LOCATION: "/p",
  MOZ_CRASHREPORTER_DISABLE: "1",
  MOZ_CRASHREPORTER_NO_REPORT: "1",
};

test("a browser gets what it needs of an environment", () => {
  const needed = {
    PATH: "/bin",
    HOME: "/home/me",
    LC_ALL: "C",
    TZ: "UTC",
    DISPLAY: ":0",
    XDG_RUNTIME_DIR: "/run",
    FONTCONFIG_PATH: "/fonts",
    SSL_CERT_FILE: "/cert",
    SystemRoot: "C:\\Windows",
    "ProgramFiles(x86)": "C:\\Programs",
  };
  expect(browserEnvironment(needed, { folder: "/p" })).toEqual({ ...needed, ...OWN });
});

test("a browser gets nothing else, whatever its name", () => {
  const own = {
    SECRET_PASSWORD: "x",
    OPENAI_API_KEY: "x",
    DATABASE_URL: "x",
    AWS_ACCESS_KEY_ID: "x",
    PGPASSFILE: "x",
    SSH_AUTH_SOCK: "x",
    http_proxy: "http://me:secret@proxy",
    NODE_OPTIONS: "x",
    HOMEPAGE: "x",
    BREAKPAD_DUMP_LOCATION: "/elsewhere",
  };
  expect(browserEnvironment(own, { folder: "/p" })).toEqual(OWN);
});

test("what the operator names is added", () => {
  const own = { http_proxy: "http://proxy", HTTPS_PROXY: "x" };
  expect(browserEnvironment(own, { folder: "/p", more: ["http_proxy", "NOT_SET"] })).toEqual({
    http_proxy: "http://proxy",
    ...OWN,
  });
});
