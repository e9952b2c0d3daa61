import { expect, test } from "vitest";
import { LookupError, systemLookup } from "../../../src/hosts/name-lookup.js";

test("addresses and the names of this machine are not looked up", async () => {
  const lookup = systemLookup((host) => Promise.reject(new Error(`${host} was asked for`)));
  expect(await lookup("192.0.2.1")).toEqual(["192.0.2.1"]);
  expect(await lookup("[2001:db8::1]")).toEqual(["2001:db8::1"]);
  for (const host of ["localhost", "LOCALHOST", "app.localhost", "app.localhost."])
    expect(await lookup(host)).toEqual(["::1", "127.0.0.1"]);
  await expect(lookup("accounts.invalid")).rejects.toThrow(LookupError);
});

test("a name that many ask for is looked up once, and two names at a time", async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const lookup = systemLookup((host) => {
    asked.push(host);
    return new Promise((resolve) => answers.push(() => resolve([`${asked.length}`])));
  });
  const first = [lookup("a.test"), lookup("a.test"), lookup("b.test"), lookup("c.test")];
  await Promise.resolve();
  expect(asked).toEqual(["a.test", "b.test"]);
  answers[0]?.();
  expect(await first[0]).toEqual(await first[1]);
  await expect.poll(() => asked).toEqual(["a.test", "b.test", "c.test"]);
  answers[1]?.();
  answers[2]?.();
  expect((await Promise.all(first)).length).toBe(4);
});

test("names without an answer do not pile up without an end", async () => {
  const lookup = systemLookup(() => new Promise(() => undefined));
  const many = Array.from({ length: 600 }, (_, index) => lookup(`name${index}.test`));
  for (const each of many) each.catch(() => undefined);
  await expect(many.at(-1)).rejects.toThrow("too many names");
});

test("the machine's own resolver knows its hosts file, and says which name it does not know", async () => {
  const lookup = systemLookup();
  await expect(lookup("no such host")).rejects.toThrow("no such host was not found");
});
