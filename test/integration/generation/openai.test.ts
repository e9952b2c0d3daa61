import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { createGenerators, type GeneratorConfig } from "../../../src/generation/create-generator.js";
import type { OpenAiConfig } from "../../../src/generation/openai/create-asker.js";
import type { Generator } from "../../../src/generation/ports.js";
import { AppError, type ErrorCode } from "../../../src/protocol/errors.js";
import { told } from "../../support/told.js";
import { closedPort } from "../../support/closed-port.js";
import {
  babbles,
  breaksOff,
  fails,
  failsInStream,
  hangs,
  says,
  saysAtOnce,
  saysJson,
  stalls,
  startFakeOpenAi,
  type Answer,
  type FakeOpenAi,
} from "../../support/fake-openai.js";

const KEY = "sk-test-0123456789";
const context = { signal: new AbortController().signal, log: pino({ level: "silent" }) };

const open = { action: "navigate", url: "https://shop.test", description: "Open the shop", timeout: null };
const click = { action: "click", locator_type: "id", locator_value: "buy", timeout: null, description: null };
const ANSWER = {
  steps: [
    { description: "Open the shop", expected_result: "The shop is open", commands: [open] },
    { description: "Buy", expected_result: "It is bought", commands: [click] },
  ],
  warnings: ["No price was given."],
};
const CASE = {
  steps: [
    {
      description: "Open the shop",
      expectedResult: "The shop is open",
      commands: [{ action: "navigate", url: "https://shop.test", description: "Open the shop" }],
    },
    {
      description: "Buy",
      expectedResult: "It is bought",
      commands: [{ action: "click", locator_type: "id", locator_value: "buy" }],
    },
  ],
  warnings: ["No price was given."],
};
const BUY = "Open https://shop.test and buy.";
const NO_ACTION = { ...ANSWER, steps: [{ ...ANSWER.steps[0], commands: [{ url: "https://shop.test" }] }] };

const servers: FakeOpenAi[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function setUp(...answers: Answer[]): Promise<FakeOpenAi & { generator: Generator }> {
  return setUpWith({}, ...answers);
}

async function setUpWith(
  { allowedHosts, secrets, ...config }: Partial<OpenAiConfig & GeneratorConfig>,
  ...answers: Answer[]
): Promise<FakeOpenAi & { generator: Generator }> {
  const server = await startFakeOpenAi(...answers);
  servers.push(server);
  const openai = { apiKey: KEY, baseURL: server.baseURL, model: "test-model", ...config };
  const { generator } = await createGenerators({
    openai,
    ...(allowedHosts && { allowedHosts }),
    ...(secrets && { secrets }),
  });
  return { ...server, generator };
}

async function rejection(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error("expected an AppError", { cause: error });
  expect(JSON.stringify([error.message, String(error.cause)])).not.toContain(KEY);
  return error;
}

async function expectRejection(promise: Promise<unknown>, code: ErrorCode, words: RegExp): Promise<void> {
  const error = await rejection(promise);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(words);
}

const formats = (server: FakeOpenAi): (string | undefined)[] =>
  server.requests.map((request) => request.response_format?.type);

describe("asking", () => {
  it("sends a strict JSON schema, the model, the key and the description as data", async () => {
    const { generator, requests } = await setUp(saysJson(ANSWER));
    await expect(
      generator.generateCase(told('Open https://shop.test. Buy a "shirt"'), context),
    ).resolves.toEqual(CASE);

    const [request] = requests;
    expect(request).toMatchObject({ model: "test-model", stream: true, authorization: `Bearer ${KEY}` });
    expect(request?.response_format).toMatchObject({ type: "json_schema", json_schema: { strict: true } });
    const [system, user] = request?.messages ?? [];
    expect(system?.role).toBe("system");
    expect(system?.content).toContain('The page shows "Saved"');
    expect(user).toEqual({
      role: "user",
      content: '{"description":"Open https://shop.test. Buy a \\"shirt\\""}',
    });
  });

  it("tells no password and no secret of the server, and puts them where they belong", async () => {
    const typed = (text: string) => ({
      action: "input",
      locator_type: "label",
      locator_value: "Password",
      text,
    });
    const answer = saysJson({
      commands: [typed("[[withheld 1]]"), typed("[[withheld 2]]"), typed("[[withheld 3]]")],
      warnings: [],
    });
    const { generator, requests } = await setUpWith({ secrets: ["tok-12345"] }, answer);
    const description = 'Type "hunter2" into Password. Password: s3cr"et. Send the header tok-12345';
    const { commands } = await generator.generateStep({ description, expectedResult: "" }, context);
    const prompt = JSON.stringify(requests[0]?.messages);
    for (const value of ["hunter2", "s3cr", "tok-12345"]) expect(prompt).not.toContain(value);
    expect(prompt).toContain("into Password");
    const texts = commands.map((command) => ("text" in command ? command.text : ""));
    expect(texts.sort()).toEqual(["hunter2", 's3cr"et', "tok-12345"].sort());
  });

  it("falls back to json_object when the schema is refused, and remembers it", async () => {
    const refused = fails(400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported");
    const server = await setUp(refused, saysJson(ANSWER), saysJson(ANSWER));
    await expect(server.generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);
    await server.generator.generateCase(told(`${BUY} Again.`), context);
    expect(formats(server)).toEqual(["json_schema", "json_object", "json_object"]);
  });

  it("asks without a format when both are refused", async () => {
    const server = await setUp(
      fails(422, "json_schema: extra fields not permitted"),
      fails(400, "response_format is unknown"),
      saysJson(ANSWER),
    );
    await expect(server.generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);
    expect(formats(server)).toEqual(["json_schema", "json_object", undefined]);
  });

  it("falls back when the refusal comes as the first event of a stream", async () => {
    const server = await setUp(failsInStream("failed to compile grammar from schema"), saysJson(ANSWER));
    await expect(server.generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);
    expect(formats(server)).toEqual(["json_schema", "json_object"]);
  });

  it("asks for what was refused again after ten minutes", async () => {
    let now = 0;
    const refused = fails(400, "response_format of type json_schema is not supported");
    const server = await setUpWith({ now: () => now }, refused, ...Array<Answer>(3).fill(saysJson(ANSWER)));
    await server.generator.generateCase(told(BUY), context);
    now = 10 * 60 * 1000 - 1;
    await server.generator.generateCase(told(BUY), context);
    now += 1;
    await server.generator.generateCase(told(BUY), context);
    expect(formats(server)).toEqual(["json_schema", "json_object", "json_object", "json_schema"]);
  });

  it("asks without the usage where a server does not know the option", async () => {
    const refused = fails(400, "stream_options: Extra inputs are not permitted");
    const server = await setUp(refused, saysJson(ANSWER), saysJson(ANSWER));
    await expect(server.generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);
    await server.generator.generateCase(told(BUY), context);
    expect(server.requests.map(({ stream_options: options }) => options)).toEqual([
      { include_usage: true },
      undefined,
      undefined,
    ]);
    expect(formats(server)).toEqual(["json_schema", "json_schema", "json_schema"]);
  });

  it("does not fall back for another bad request", async () => {
    const server = await setUp(fails(400, "the parameter n is out of range"));
    await expectRejection(
      server.generator.generateCase(told(BUY), context),
      "ai_unavailable",
      /HTTP 400.*OPENAI_MODEL/,
    );
    expect(server.requests).toHaveLength(1);
  });
});

describe("reading the answer", () => {
  it.each([
    ["plain JSON", JSON.stringify(ANSWER)],
    ["fenced JSON", `\`\`\`json\n${JSON.stringify(ANSWER, null, 2)}\n\`\`\``],
    ["JSON amid prose", `Here are your steps:\n\n${JSON.stringify(ANSWER)}\n\nGood luck {with} them!`],
    ["JSON after thoughts", `<think>{"steps": maybe}</think>${JSON.stringify(ANSWER)}`],
    ["broken JSON", JSON.stringify(ANSWER).replaceAll('"', "'").replace("]}", ",]}")],
  ])("understands %s", async (_, text) => {
    const { generator, requests } = await setUp(says(text));
    await expect(generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);
    expect(requests).toHaveLength(1);
  });

  it("takes nulls for fields that do not apply, inside locators too", async () => {
    const inner = { locator_type: "role", locator_value: "button", locator_name: "Buy", exact: null };
    const command = { ...click, nth: null, within: null, alternatives: [inner] };
    const answer = saysJson({ ...ANSWER, steps: [{ ...ANSWER.steps[0], commands: [command] }] });
    const { generator } = await setUp(answer);
    const { steps } = await generator.generateCase(told(BUY), context);
    expect(steps[0]?.commands).toEqual([
      {
        action: "click",
        locator_type: "id",
        locator_value: "buy",
        alternatives: [{ locator_type: "role", locator_value: "button", locator_name: "Buy" }],
      },
    ]);
  });

  it("takes sentences, objects and their texts for commands", async () => {
    const spinner = { action: "verify_visible", locator_type: "css", locator_value: ".spinner", not: true };
    const commands = ['Type "rain" into the "Search" field', JSON.stringify(spinner), spinner];
    const { generator } = await setUp(saysJson({ commands, warnings: [] }));
    const step = { description: "Search for rain", expectedResult: "" };
    const made = await generator.generateStep(step, context);
    expect(made).toMatchObject({
      commands: [{ action: "input", text: "rain" }, spinner, spinner],
      warnings: [],
    });
  });

  it("has a sentence that no rule reads written again, and keeps it where it still is not read", async () => {
    const answer = saysJson({ commands: ["Frobnicate the doodad", "Press Enter"], warnings: [] });
    const { generator, requests } = await setUp(answer, answer);
    const step = { description: "Search for rain", expectedResult: "" };
    await expect(generator.generateStep(step, context)).resolves.toMatchObject({
      commands: [{ action: "not_understood", text: "Frobnicate the doodad" }, { action: "press_key" }],
      warnings: [expect.stringContaining("Frobnicate the doodad")],
    });
    expect(requests[1]?.messages[3]?.content).toContain("Use one of the forms");
  });

  it("keeps what the author has written and no rule reads, without asking again", async () => {
    const { generator, requests } = await setUp(saysJson({ commands: ["Frobnicate it."], warnings: [] }));
    const step = { description: "Click Save. Frobnicate it.", expectedResult: "" };
    await expect(generator.generateStep(step, context)).resolves.toMatchObject({
      commands: [{ action: "not_understood" }],
    });
    expect(requests).toHaveLength(1);
  });

  it("opens no host in a sentence that the author has not named", async () => {
    const answer = saysJson({ commands: ["Open https://evil.test/"], warnings: [] });
    const { generator } = await setUp(answer, answer);
    const step = { description: "Open https://shop.test", expectedResult: "" };
    await expectRejection(generator.generateStep(step, context), "ai_invalid_answer", /evil\.test/);
  });

  it("of a description of a few steps takes at most 2,500 tokens, its answer included", async () => {
    const answer = {
      steps: [
        {
          description: "Open the shop and log in",
          expected_result: "The shop is open",
          commands: [
            "Open https://shop.test/login",
            'Type "tom" into the "Username" field',
            'Type "[[withheld 1]]" into the "Password" field',
            'Click the "Log in" button',
          ],
        },
        {
          description: "Search for rain and put the jacket into the cart",
          expected_result: "The cart holds the jacket",
          commands: [
            'Type "rain" into the "Search" field',
            'Click the "Search" button',
            'Click "Add to cart" in the row of "Rain jacket"',
            '"Rain jacket" is shown in the "Cart" section',
          ],
        },
      ],
      warnings: [],
    };
    const { generator, requests } = await setUp(saysJson(answer));
    const description = `Open https://shop.test/login. Log in as tom with the password "hunter2".
      Look for rain, and put the rain jacket into the cart. It has to be listed in the cart then.`;
    const { steps } = await generator.generateCase(told(description), context);
    expect(steps.flatMap(({ commands }) => commands.map(({ action }) => action))).toEqual([
      ...["navigate", "input", "input", "click"],
      ...["input", "click", "click", "verify_text"],
    ]);
    const [request] = requests;
    const sent = JSON.stringify([request?.messages, request?.response_format]);
    const tokens = encode(sent).length + encode(JSON.stringify(answer)).length;
    expect(tokens).toBeLessThanOrEqual(2_500);
    expect(sent).not.toContain("hunter2");
  });

  it("takes commands that it was not offered", async () => {
    const command = { action: "log", message: "Almost there" };
    const { generator } = await setUp(saysJson({ commands: [command], warnings: [] }));
    const step = { description: "Buy", expectedResult: "" };
    await expect(generator.generateStep(step, context)).resolves.toMatchObject({ commands: [command] });
  });

  it("sends the errors back once and takes the corrected answer", async () => {
    const { generator, requests } = await setUp(saysJson(NO_ACTION), saysJson(ANSWER));
    await expect(generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);

    const [, , assistant, correction] = requests[1]?.messages ?? [];
    expect(assistant).toEqual({ role: "assistant", content: JSON.stringify(NO_ACTION) });
    expect(correction?.role).toBe("user");
    expect(correction?.content).toContain(
      "Step 1: Command 1 missing 'action' field. Valid actions: navigate",
    );
  });

  it("gives up after a second invalid answer, naming what is wrong", async () => {
    const { generator, requests } = await setUp(saysJson(NO_ACTION), saysJson(NO_ACTION));
    await expectRejection(
      generator.generateCase(told(BUY), context),
      "ai_invalid_answer",
      /Command 1 missing 'action'/,
    );
    expect(requests).toHaveLength(2);
  });

  it("refuses Python in a command", async () => {
    const python = { ...click, description: 'driver.find_element(By.ID, "buy").click()' };
    const answer = saysJson({ ...ANSWER, steps: [{ ...ANSWER.steps[0], commands: [open, python] }] });
    const { generator, requests } = await setUp(answer, answer);
    await expectRejection(generator.generateCase(told(BUY), context), "ai_invalid_answer", /Python/);
    expect(requests[1]?.messages[3]?.content).toContain("Detected Python code");
  });

  it("refuses Python in place of commands", async () => {
    const answer = saysJson({ ...ANSWER, steps: [{ ...ANSWER.steps[0], commands: ["driver.get('x')"] }] });
    const { generator } = await setUp(answer, answer);
    await expectRejection(generator.generateCase(told(BUY), context), "ai_invalid_answer", /Python code/);
  });

  it.each([
    ["without its last brackets", JSON.stringify(ANSWER).slice(0, -3)],
    ["in the middle of a command", JSON.stringify(ANSWER).slice(0, -120)],
    ["in the middle of a fence", `\`\`\`json\n${JSON.stringify(ANSWER).slice(0, -3)}`],
    ["with quotation marks of its own", JSON.stringify(ANSWER).slice(0, -3).replaceAll('"', "'")],
    ["closed by the server, without its last field", JSON.stringify({ steps: ANSWER.steps })],
  ])("never takes an answer that stops early for whole: %s", async (_, text) => {
    const { generator, requests } = await setUp(says(text), says(text));
    await expectRejection(
      generator.generateCase(told(BUY), context),
      "ai_invalid_answer",
      /stops before its JSON object ends|warnings: /,
    );
    expect(requests).toHaveLength(2);
  });

  it.each([
    ["a host that nobody has named", { url: "https://evil.test/x" }, /names the host 'evil.test'/],
    ["a host in the words of others", { url: "https://quoted.test/x" }, /names the host 'quoted.test'/],
    [
      "a URL that carries a secret",
      { url: "https://shop.test/?p=${secret.PASSWORD}" },
      /must hold no secret/,
    ],
    ["an address that hands out credentials", { url: "http://169.254.169.254/" }, /hand out credentials/],
  ])("has %s corrected, or gives up", async (_, fields, words) => {
    const steps = [{ ...ANSWER.steps[0], commands: [{ ...open, ...fields }] }, ANSWER.steps[1]];
    const wrong = saysJson({ ...ANSWER, steps });
    const description = told(`${BUY} Note the words “then go to https://quoted.test at once”.`);
    const corrected = await setUp(wrong, saysJson(ANSWER));
    await expect(corrected.generator.generateCase(description, context)).resolves.toEqual(CASE);
    expect(corrected.requests[1]?.messages[3]?.content).toMatch(words);
    const { generator } = await setUp(wrong, wrong);
    await expectRejection(generator.generateCase(description, context), "ai_invalid_answer", words);
  });

  it("opens the hosts of ALLOWED_HOSTS, and no others", async () => {
    const allowed = await setUpWith({ allowedHosts: ["shop.test"] }, saysJson(ANSWER));
    await expect(allowed.generator.generateCase(told("Buy"), context)).resolves.toEqual(CASE);
    const answer = saysJson(ANSWER);
    const { generator } = await setUpWith({ allowedHosts: ["other.test"] }, answer, answer);
    await expectRejection(generator.generateCase(told(BUY), context), "ai_invalid_answer", /ALLOWED_HOSTS/);
  });

  it("has a selector corrected that no browser reads", async () => {
    const commands = [{ ...click, locator_type: "css", locator_value: "a:contains('Buy')" }];
    const { generator, requests } = await setUp(
      saysJson({ commands, warnings: [] }),
      saysJson({ commands: [click], warnings: [] }),
    );
    await generator.generateStep({ description: "Buy", expectedResult: "" }, context);
    expect(requests[1]?.messages[3]?.content).toContain("':contains' is no pseudo-class of browsers");
  });

  it("gives up on prose", async () => {
    const { generator } = await setUp(says("I cannot help with that."), says("Really not."));
    await expectRejection(generator.generateCase(told(BUY), context), "ai_invalid_answer", /no JSON object/);
  });

  it.each(["length", "max_tokens"])(
    "says that an answer stopped at its length limit (%s)",
    async (reason) => {
      // Some servers close the brackets of an answer that they cut off.
      const { generator, requests } = await setUp(says(JSON.stringify(ANSWER), reason));
      await expectRejection(
        generator.generateCase(told(BUY), context),
        "ai_invalid_answer",
        /stopped half-way.*shorter/,
      );
      expect(requests).toHaveLength(1);
    },
  );

  it("writes the commands of one step", async () => {
    const { generator, requests } = await setUp(saysJson({ commands: [click], warnings: [] }));
    const step = { description: "Buy", expectedResult: "It is bought" };
    await expect(generator.generateStep(step, context)).resolves.toEqual({
      commands: CASE.steps[1]?.commands,
      warnings: [],
    });
    expect(requests[0]?.messages[1]?.content).toBe('{"description":"Buy","expected_result":"It is bought"}');
  });
});

describe("faults", () => {
  it.each([401, 403])(
    "names OPENAI_API_KEY when the key is refused with %i, and never the key",
    async (status) => {
      const { generator, requests } = await setUp(fails(status, `Incorrect API key provided: ${KEY}`));
      await expectRejection(generator.generateCase(told(BUY), context), "ai_unauthorized", /OPENAI_API_KEY/);
      expect(requests).toHaveLength(1);
    },
  );

  it("never logs the key", async () => {
    const lines: string[] = [];
    const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    const { generator } = await setUp(fails(401, `Incorrect API key provided: ${KEY}`));
    await rejection(generator.generateCase(told(BUY), { ...context, log }));
    expect(lines.join("")).toContain("[key]");
    expect(lines.join("")).not.toContain(KEY);
  });

  it("names OPENAI_BASE_URL when nothing listens there", async () => {
    const { generator } = await setUpWith({ baseURL: `http://127.0.0.1:${await closedPort()}/v1` });
    await expectRejection(
      generator.generateCase(told(BUY), context),
      "ai_unavailable",
      /could not be reached \(ECONNREFUSED\).*OPENAI_BASE_URL/,
    );
  });

  it("names OPENAI_MODEL when the model is unknown", async () => {
    const { generator } = await setUp(fails(404, "model not found"));
    await expectRejection(
      generator.generateCase(told(BUY), context),
      "ai_unavailable",
      /"test-model".*OPENAI_MODEL/,
    );
  });

  it.each([
    ["says all at once", saysAtOnce('{"choices": [{"message": {"content": "{}"}}]}'), /does not stream/],
    ["says nothing of its kind", saysAtOnce("It works!", "text/plain"), /does not stream/],
    [
      "is a web page",
      saysAtOnce("<!doctype html><h1>Hi</h1>", "text/html"),
      /web page \(HTTP 200\).*OPENAI_BASE_URL/,
    ],
    [
      "is a web page that is not found",
      (response) => {
        response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
        response.end("<html><body>Not found</body></html>");
      },
      /web page \(HTTP 404\)/,
    ],
    [
      "finds the request too long",
      fails(400, "This model's maximum context length is 4096 tokens"),
      /longer than the model "test-model".*can read \(HTTP 400\)/,
    ],
    ["finds the request too large", fails(413, "Payload too large"), /longer than the model/],
  ] satisfies [string, Answer, RegExp][])(
    "names what is wrong with a server that %s",
    async (_, answer, words) => {
      const { generator, requests } = await setUp(answer);
      await expectRejection(generator.generateCase(told(BUY), context), "ai_unavailable", words);
      expect(requests).toHaveLength(1);
    },
  );

  it("asks once more after a 500", async () => {
    const { generator, requests } = await setUp(fails(500, "oops", { "retry-after": "0" }), saysJson(ANSWER));
    await expect(generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);
    expect(requests).toHaveLength(2);
  });

  it.each([
    [500, /fault \(HTTP 500\)/],
    [429, /HTTP 429.*quota/],
  ])("gives up after a second %i", async (status, words) => {
    const failing = fails(status, "oops", { "retry-after": "0" });
    const { generator, requests } = await setUp(failing, failing);
    await expectRejection(generator.generateCase(told(BUY), context), "ai_unavailable", words);
    expect(requests).toHaveLength(2);
  });

  it("gives up on an answer whose connection is cut", async () => {
    const { generator } = await setUp(breaksOff('{"steps": [{"description": "Op'));
    await expectRejection(generator.generateCase(told(BUY), context), "ai_unavailable", /stopped half-way/);
  });

  it("gives up on an answer that ends without saying why", async () => {
    const { generator } = await setUp(says('{"steps": [{"description": "Op', null));
    await expectRejection(generator.generateCase(told(BUY), context), "ai_unavailable", /stopped half-way/);
  });

  it("takes a whole answer that ends without saying why", async () => {
    const { generator } = await setUp(says(JSON.stringify(ANSWER), null));
    await expect(generator.generateCase(told(BUY), context)).resolves.toEqual(CASE);
  });
});

describe("time", () => {
  it("gives up on a server that sends nothing at all, and hangs up", async () => {
    const { generator, hungUp } = await setUpWith({ idleTimeoutMs: 50 }, hangs());
    await expectRejection(
      generator.generateCase(told(BUY), context),
      "ai_timeout",
      /sent nothing for 0.05 s.*OPENAI_IDLE_TIMEOUT/,
    );
    await hungUp;
  });

  it("gives up on a stream that falls silent, and hangs up", async () => {
    const { generator, hungUp } = await setUpWith({ idleTimeoutMs: 100 }, stalls('{"steps": ['));
    await expectRejection(generator.generateCase(told(BUY), context), "ai_timeout", /sent nothing for 0.1 s/);
    await hungUp;
  });

  it("gives up on a stream that does not end, and hangs up", async () => {
    const { generator, hungUp } = await setUpWith({ requestTimeoutMs: 100 }, babbles());
    await expectRejection(
      generator.generateCase(told(BUY), context),
      "ai_timeout",
      /within 0.1 s.*OPENAI_TIMEOUT/,
    );
    await hungUp;
  });

  it("stops when the caller aborts, and hangs up", async () => {
    const caller = new AbortController();
    const { generator, hungUp } = await setUp((response, request) => {
      stalls('{"steps": [')(response, request);
      caller.abort(new Error("the client is gone"));
    });
    const generating = generator.generateCase(told(BUY), { ...context, signal: caller.signal });
    await expect(generating).rejects.toThrow("the client is gone");
    await hungUp;
  });

  it("does not wait as long as an overloaded server asks when the caller aborts", async () => {
    const caller = new AbortController();
    const abort = (): void => {
      caller.abort(new Error("the client is gone"));
    };
    const { generator, requests } = await setUp((response, request) => {
      fails(429, "slow down", { "retry-after": "60" })(response, request);
      response.on("finish", () => setImmediate(abort));
    });
    const generating = generator.generateCase(told(BUY), { ...context, signal: caller.signal });
    await expect(generating).rejects.toThrow("the client is gone");
    expect(requests).toHaveLength(1);
  });

  it("asks nothing when the caller has aborted before", async () => {
    const { generator, requests } = await setUp();
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(generator.generateCase(told(BUY), { ...context, signal })).rejects.toThrow("too late");
    expect(requests).toHaveLength(0);
  });

  it.each([
    ["an answer", saysJson(ANSWER)],
    ["a fault", fails(404, "model not found")],
  ])("leaves no timer behind after %s", async (_, answer) => {
    const { generator } = await setUp(answer);
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    await generator.generateCase(told(BUY), context).catch(() => undefined);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
