import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { refuseForbiddenUrl, refusalOfHost } from "../../hosts/allowed-hosts.js";
import type { CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import { describeRequests, requestTest } from "../request-test.js";
import type { CannedAnswer, RequestRule } from "../ports.js";
import { bondsTo, refuseUnbound } from "../secrets/rules.js";
import { resolveUploads } from "../uploads.js";

/** Largest file that is given as an answer, in bytes: it stays in memory for as long as the run. */
const MAX_FILE_BYTES = 10_000_000;

export const block_requests: Executor<"block_requests"> = {
  acts: false,
  describe: (command) => `Block ${describeRequests(command)}${timesOf(command)}`,
  expectation: (command) => `to block ${describeRequests(command)}`,
  atOnce: true,
  leavesDialogs: true,
  async execute(command, context) {
    const { page, signal, allowedHosts } = context;
    await page.network.addRule(ruleOf(command, "block", allowedHosts), signal);
    tellOfGaps(context);
  },
};

export const mock_response: Executor<"mock_response"> = {
  acts: false,
  describe: (command) =>
    `Answer ${describeRequests(command)} with ${command.status ?? 200}${timesOf(command)}`,
  expectation: (command) => `to answer ${describeRequests(command)}`,
  atOnce: true,
  leavesDialogs: true,
  async execute(command, context) {
    const { page, signal, allowedHosts } = context;
    const rule = ruleOf(command, await answerOf(command, context), allowedHosts);
    await page.network.addRule(rule, signal);
    tellOfGaps(context);
  },
};

export const clear_request_rules: Executor<"clear_request_rules"> = {
  acts: false,
  describe: () => "Let every request go its way again",
  expectation: () => "to let every request go its way",
  atOnce: true,
  leavesDialogs: true,
  async execute(_command, { page, signal }) {
    await page.network.clearRules(signal);
  },
};

export const set_http_credentials: Executor<"set_http_credentials"> = {
  acts: false,
  describe: ({ origin }) => `Log in at ${origin} when it asks the browser`,
  expectation: ({ origin }) => `to log in at ${origin}`,
  atOnce: true,
  leavesDialogs: true,
  async execute({ origin: url, username, password }, context) {
    const { page, signal, allowedHosts, variables } = context;
    refuseForbiddenUrl(url, allowedHosts);
    const { origin, hostname } = new URL(url);
    const secrets = [...context.secretsOf("username"), ...context.secretsOf("password")];
    refuseUnbound(hostname, bondsTo(secrets, variables));
    await page.network.setLogin({ origin, username, password }, signal);
  },
};

type Ruling = CommandOf<"block_requests"> | CommandOf<"mock_response">;

function ruleOf(
  command: Ruling,
  answer: RequestRule["answer"],
  allowedHosts: readonly string[],
): RequestRule {
  const { wildcard, isFor } = requestTest(command);
  return {
    wildcard,
    // A host that no browser may open is answered by nobody, the rule included.
    isFor: (request) => isFor(request) && mayBeOpened(request.url, allowedHosts),
    answer,
    times: command.times,
  };
}

/** A rule that does not hold everywhere says so: nobody would see it. */
function tellOfGaps({ page, log }: CommandContext): void {
  const { beyondReach } = page.network;
  if (beyondReach !== undefined)
    log({
      level: "warning",
      message: `Over this way to the browser the rule does not reach ${beyondReach}; BROWSER_PROTOCOL=cdp does.`,
    });
}

function mayBeOpened(url: string, allowedHosts: readonly string[]): boolean {
  return URL.canParse(url) && refusalOfHost(new URL(url).hostname, allowedHosts) === undefined;
}

function timesOf({ times }: Ruling): string {
  return times === undefined ? "" : times === 1 ? ", once" : `, ${times} times`;
}

async function answerOf(command: CommandOf<"mock_response">, context: CommandContext): Promise<CannedAnswer> {
  const { status = 200, headers = {}, body: text = "", file } = command;
  const body = file === undefined ? Buffer.from(text) : await contentOf(file, context);
  const given = Object.entries(headers);
  const hasType = given.some(([name]) => name.toLowerCase() === "content-type");
  const type = file === undefined ? typeOfText(text) : TYPES[extname(file).toLowerCase()];
  const added: [string, string][] = hasType || type === undefined ? [] : [["Content-Type", type]];
  return { status, headers: [...added, ...given], body };
}

async function contentOf(file: string, { uploadsDir, signal }: CommandContext): Promise<Buffer> {
  const [path = ""] = await resolveUploads([file], uploadsDir);
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES)
    throw new Error(`the file '${file}' has ${size} bytes; an answer has at most ${MAX_FILE_BYTES}`);
  return await readFile(path, { signal });
}

function typeOfText(text: string): string | undefined {
  const start = text.trimStart();
  if (start === "") return undefined;
  if (/^<(?:!doctype html|html|[a-z][\w-]*[\s>])/i.test(start)) return TYPES[".html"];
  return isJson(text) ? TYPES[".json"] : TYPES[".txt"];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};
