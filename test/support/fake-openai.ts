import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The part of a request to the chat completions that tests look at. */
export interface ChatRequest {
  authorization: string | undefined;
  model: string;
  stream: boolean;
  stream_options?: { include_usage: boolean };
  messages: { role: string; content: string }[];
  response_format?: { type: string; json_schema?: { strict: boolean; schema: Record<string, unknown> } };
}

/** Answers one request. */
export type Answer = (response: ServerResponse, request: ChatRequest) => void;

export interface FakeOpenAi {
  baseURL: string;
  /** Every request so far, in order. */
  requests: ChatRequest[];
  /** Resolves when the client has closed the connection of the latest unanswered request. */
  hungUp: Promise<void>;
  close(): Promise<void>;
}

/**
 * A server that speaks OpenAI's chat completions over real HTTP. Each request gets the next of the answers; one
 * more than there are answers gets a 500 that fails the test.
 */
export async function startFakeOpenAi(...answers: Answer[]): Promise<FakeOpenAi> {
  const requests: ChatRequest[] = [];
  let hangUp = (): void => undefined;
  const hungUp = new Promise<void>((resolve) => (hangUp = resolve));
  const server = createServer((request, response) => {
    response.on("close", () => {
      if (!response.writableFinished) hangUp();
    });
    void readRequest(request).then((chatRequest) => {
      requests.push(chatRequest);
      const answer = answers[requests.length - 1] ?? fails(500, "no answer scripted");
      answer(response, chatRequest);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is always an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    hungUp,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Streams a text in small pieces and ends as a server does. */
export function says(text: string, finishReason: string | null = "stop"): Answer {
  return (response) => {
    startStream(response);
    for (const piece of pieces(text)) response.write(chunk({ content: piece }));
    if (finishReason !== null) response.write(chunk({}, finishReason));
    response.end("data: [DONE]\n\n");
  };
}

export function saysJson(value: unknown): Answer {
  return says(JSON.stringify(value));
}

export function fails(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error: { message, type: "invalid_request_error", code: null } }));
  };
}

/** Streams a text, and says how many tokens it took where it was asked to. */
export function saysWithUsage(text: string, input: number, output: number): Answer {
  return (response, { stream_options: options }) => {
    startStream(response);
    response.write(chunk({ content: text }));
    response.write(chunk({}, "stop"));
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    if (options?.include_usage) response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`);
    response.end("data: [DONE]\n\n");
  };
}

/** Answers all at once, whatever it was asked. */
export function saysAtOnce(body: string, type = "application/json"): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": type });
    response.end(body);
  };
}

/** Accepts the request and sends nothing, not even a status. */
export function hangs(): Answer {
  return () => undefined;
}

/** Sends the beginning of an answer and then nothing more. */
export function stalls(text: string): Answer {
  return (response) => {
    startStream(response);
    response.write(chunk({ content: text }));
  };
}

/** Sends the beginning of an answer and cuts the connection. */
export function breaksOff(text: string): Answer {
  return (response) => {
    startStream(response);
    response.write(chunk({ content: text }), () => response.destroy());
  };
}

/** Sends one piece after the other, without end, until the client hangs up. */
export function babbles(): Answer {
  return (response) => {
    startStream(response);
    const timer = setInterval(() => response.write(chunk({ content: "x" })), 5);
    response.on("close", () => {
      clearInterval(timer);
    });
  };
}

/** Answers 200 and sends an error as the first event, as some servers do. */
export function failsInStream(message: string): Answer {
  return (response) => {
    startStream(response);
    response.end(`data: ${JSON.stringify({ error: { message } })}\n\n`);
  };
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
}

function chunk(delta: { content?: string }, finishReason: string | null = null): string {
  const choice = { index: 0, delta, finish_reason: finishReason };
  const body = {
    id: "chat-1",
    object: "chat.completion.chunk",
    created: 0,
    model: "fake",
    choices: [choice],
  };
  return `data: ${JSON.stringify(body)}\n\n`;
}

function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,40}/g) ?? [];
}

async function readRequest(request: IncomingMessage): Promise<ChatRequest> {
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += String(part);
  // The SDK under test wrote it; a wrong field fails the test that looks at it.
  const json = JSON.parse(body) as Omit<ChatRequest, "authorization">;
  return { ...json, authorization: request.headers.authorization };
}
