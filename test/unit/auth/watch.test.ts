import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anonymous } from "../../../src/auth/identity.js";
import type { CredentialIds, Identity } from "../../../src/auth/ports.js";
import { CredentialWatch } from "../../../src/auth/watch.js";
import { silentLog } from "../../support/silent-log.js";

/** Longest time after which somebody has to be told, in milliseconds. */
const SOON = 500;

let revoked: Set<string>;
let asked: CredentialIds[];
let isLoginNeeded: boolean;
let failure: Error | undefined;
let watch: CredentialWatch;

beforeEach(() => {
  vi.useFakeTimers();
  [revoked, asked, isLoginNeeded, failure] = [new Set(), [], false, undefined];
  watch = new CredentialWatch({
    store: {
      findValid: async (ids) => {
        asked.push(ids);
        if (failure) throw failure;
        const left = (all: string[]) => new Set(all.filter((id) => !revoked.has(id)));
        return { tokenIds: left(ids.tokenIds), sessionIds: left(ids.sessionIds) };
      },
    },
    isLoginNeeded: async () => isLoginNeeded,
    now: () => new Date(),
    log: silentLog,
  });
});

afterEach(async () => {
  await watch.stop();
  vi.useRealTimers();
});

const holder = (changes: Partial<Identity>): Identity => ({
  ...anonymous("a"),
  isAnonymous: false,
  ...changes,
});

function watched(identity: Identity) {
  const onEnd = vi.fn();
  return { onEnd, forget: watch.add(identity, onEnd) };
}

test("whoever has a credential that ends is told why, once, and nobody else is", async () => {
  const token = watched(holder({ tokenId: "t" }));
  const session = watched(holder({ tokenId: "u", sessionId: "s" }));
  const short = watched(holder({ expiresAt: new Date(Date.now() + 10_000) }));
  const open = watched(anonymous("a"));
  await vi.advanceTimersByTimeAsync(SOON);
  const all = [token, session, short, open];
  for (const { onEnd } of all) expect(onEnd).not.toHaveBeenCalled();
  expect(asked[0]).toEqual({ tokenIds: ["t", "u"], sessionIds: ["s"] });

  revoked.add("t");
  await vi.advanceTimersByTimeAsync(SOON);
  expect(token.onEnd.mock.calls).toEqual([["revoked"]]);
  revoked.add("s");
  await watch.check();
  expect(session.onEnd.mock.calls).toEqual([["revoked"]]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(short.onEnd.mock.calls).toEqual([["expired"]]);
  isLoginNeeded = true;
  await vi.advanceTimersByTimeAsync(SOON);
  expect(open.onEnd.mock.calls).toEqual([["login_needed"]]);
  for (const { onEnd } of all) expect(onEnd).toHaveBeenCalledTimes(1);
});

test("nobody is asked for when nobody is connected", async () => {
  await vi.advanceTimersByTimeAsync(10_000);
  const { forget, onEnd } = watched(holder({ tokenId: "t" }));
  await vi.advanceTimersByTimeAsync(SOON);
  expect(asked).toHaveLength(1);
  forget();
  revoked.add("t");
  await vi.advanceTimersByTimeAsync(SOON);
  const before = asked.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(before);
  expect(onEnd).not.toHaveBeenCalled();

  const again = watched(holder({ tokenId: "t" }));
  await vi.advanceTimersByTimeAsync(SOON);
  expect(again.onEnd.mock.calls).toEqual([["revoked"]]);
});

test("a database that does not answer ends nothing but what has expired, and is asked again", async () => {
  const token = watched(holder({ tokenId: "t" }));
  const short = watched(holder({ tokenId: "u", expiresAt: new Date(Date.now() + 100) }));
  failure = new Error("disk full");
  revoked.add("t");
  await vi.advanceTimersByTimeAsync(SOON);
  expect(short.onEnd.mock.calls).toEqual([["expired"]]);
  expect(token.onEnd).not.toHaveBeenCalled();
  failure = undefined;
  await vi.advanceTimersByTimeAsync(SOON);
  expect(token.onEnd.mock.calls).toEqual([["revoked"]]);
});
