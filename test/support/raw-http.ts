import { connect } from "node:net";

/** Longest time until a server has to have answered and closed, in milliseconds. */
const DEADLINE_MS = 10_000;

export interface RawAnswer {
  /** `0` when the server closed without an answer. */
  status: number;
  /** In lower case. */
  headers: Record<string, string>;
  body: string;
}

/**
 * Sends bytes as they are, which no HTTP client would, and reads until the server closes.
 *
 * @param request its head and body; `Connection: close` belongs into it where the server would keep the connection
 */
export async function sendRaw(address: string, request: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses early may reset the connection while the rest is still being sent.
  socket.on("error", () => undefined);
  socket.setTimeout(DEADLINE_MS, () => socket.destroy(new Error("no answer")));
  socket.write(request);
  await new Promise((resolve) => socket.once("close", resolve));
  const [head = "", ...rest] = Buffer.concat(chunks).toString("latin1").split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => [line.split(":")[0]?.toLowerCase(), line.replace(/^[^:]*: ?/, "")]);
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join("\r\n\r\n"),
  };
}

/** The head of a request as it goes over the wire, one argument a line. */
export function head(...lines: string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}
