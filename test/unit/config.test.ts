import { describe, expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../src/config.js";

test("everything has a default, and the default listens on this machine only", () => {
  expect(parseConfig({})).toMatchObject({
    PORT: 8000,
    HOST: "127.0.0.1",
    DATABASE_URL: "file:./data/stepwire.db",
    ARTIFACTS_DIR: "./data/artifacts",
    LOG_LEVEL: "info",
    SCREENSHOTS: "inline",
    BROWSER: "chrome",
    BROWSER_HEADLESS: true,
    COMMAND_TIMEOUT: 10,
    ALLOWED_HOSTS: [],
    ALLOWED_ORIGINS: [],
  });
});

test("an empty variable counts as one that is not set", () => {
  expect(parseConfig({ PORT: "", OPENAI_API_KEY: " " })).toMatchObject({ PORT: 8000 });
  expect(parseConfig({ OPENAI_API_KEY: "" }).OPENAI_API_KEY).toBeUndefined();
});

test("values are read as what they are", () => {
  const config = parseConfig({
    PORT: "9000",
    BROWSER_HEADLESS: "false",
    COMMAND_TIMEOUT: "2.5",
    ALLOWED_HOSTS: "app.example.com, *.test.example.com,127.0.0.1,[::1]",
    ALLOWED_ORIGINS: "https://qa.example.com",
  });
  expect(config).toMatchObject({
    PORT: 9000,
    BROWSER_HEADLESS: false,
    COMMAND_TIMEOUT: 2.5,
    ALLOWED_HOSTS: ["app.example.com", "*.test.example.com", "127.0.0.1", "[::1]"],
    ALLOWED_ORIGINS: ["https://qa.example.com"],
  });
});

describe("a value that cannot be used stops the start with one line that names it", () => {
  test.each([
    ["PORT", "eight"],
    ["PORT", "70000"],
    ["PORT", "-1"],
    ["LOG_LEVEL", "loud"],
    ["SCREENSHOTS", "yes"],
    ["BROWSER", "safari"],
    ["BROWSER_POOL_SIZE", "0"],
    ["BROWSER_HEADLESS", "maybe"],
    ["COMMAND_TIMEOUT", "10s"],
    ["COMMAND_TIMEOUT", "0"],
    ["SELENIUM_REMOTE_URL", "grid:4444"],
    ["OPENAI_BASE_URL", "file:///etc/passwd"],
    ["ALLOWED_HOSTS", "http://app.example.com"],
    ["ALLOWED_HOSTS", "localhost:3000"],
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
