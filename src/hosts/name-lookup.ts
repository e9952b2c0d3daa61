import { lookup as askSystem } from "node:dns/promises";
import { isIP } from "node:net";
import { atMost } from "../async/at-most.js";
import { plainHost } from "./allowed-hosts.js";

/** Answers with every address of a host, in the order in which they are to be tried. */
export type NameLookup = (host: string) => Promise<string[]>;

/** Longest time that the system's resolver gets for a name, in milliseconds. */
const LOOKUP_TIMEOUT_MS = 20_000;
/** Time for which an answer is used again, in milliseconds; a browser itself keeps one for a minute. */
const ANSWER_AGE_MS = 2_000;
/** Names that may be asked for at the same time: half of Node's threads, which files need as well. */
const AT_A_TIME = 2;
/** Names that may wait for their turn. */
const MOST_WAITING = 500;

/** A host could not be looked up. */
export class LookupError extends Error {
  override readonly name = "LookupError";
}

/**
 * The resolver of this machine, `/etc/hosts` included, as a browser would ask it.
 *
 * @param ask the system's resolver
 */
export function systemLookup(ask: NameLookup = askSystemResolver): NameLookup {
  const answers = new Map<string, Promise<string[]>>();
  const waiting: (() => void)[] = [];
  let underWay = 0;

  const turn = async (): Promise<void> => {
    if (underWay < AT_A_TIME) underWay++;
    else if (waiting.length >= MOST_WAITING) throw new LookupError("too many names are being looked up");
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const pass = () => {
    const next = waiting.shift();
    // The place goes on to the next who waits for it.
    if (next) next();
    else underWay--;
  };
  const askInTurn = async (host: string): Promise<string[]> => {
    await turn();
    try {
      return await ask(host);
    } finally {
      pass();
    }
  };

  return (name) => {
    const host = plainHost(name);
    if (isIP(host) !== 0) return Promise.resolve([host]);
    // Browsers never look these up: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    if (host === "localhost" || host.endsWith(".localhost")) return Promise.resolve(["::1", "127.0.0.1"]);
    if (host === "invalid" || host.endsWith(".invalid"))
      return Promise.reject(new LookupError(`${host} is never a host`));
    let answer = answers.get(host);
    if (answer === undefined) {
      answer = askInTurn(host);
      answers.set(host, answer);
      const forget = () => {
        setTimeout(() => answers.delete(host), ANSWER_AGE_MS).unref();
      };
      answer.then(forget, forget);
    }
    return answer;
  };
}

async function askSystemResolver(host: string): Promise<string[]> {
  const asking = askSystem(host, { all: true, order: "verbatim" });
  const found = await atMost(LOOKUP_TIMEOUT_MS, asking).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LookupError(`${host} was not found (${code ?? message})`);
  });
  if (found === undefined)
    throw new LookupError(`${host} was not found within ${LOOKUP_TIMEOUT_MS / 1000} s`);
  return found.map(({ address }) => address);
}
