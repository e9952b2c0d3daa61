import { expect, test } from "vitest";
import { wholeUrl } from "../../../src/runner/base-url.js";

test.for([
  ["/login", "https://shop.example", "https://shop.example/login"],
  ["/login?next=%2F#a", "https://shop.example/app/", "https://shop.example/login?next=%2F#a"],
  ["./login", "https://shop.example/app", "https://shop.example/app/login"],
  ["/", "http://[::1]:8080/app", "http://[::1]:8080/"],
  ["https://other.example/x", "https://shop.example", "https://other.example/x"],
] as const)("%s under %s is %s", ([written, baseUrl, whole]) => {
  expect(wholeUrl(written, baseUrl)).toBe(whole);
});

test.for(["/\t/evil.example", "/\n\\evil.example", "./\t//evil.example/../..//x"])(
  "%j never leads to another host",
  (written) => {
    const outcome = () => new URL(wholeUrl(written, "https://shop.example")).origin;
    try {
      expect(outcome()).toBe("https://shop.example");
    } catch (error) {
      expect(String(error)).toContain("leads away from https://shop.example");
    }
  },
);

test("a path without an environment says what to do", () => {
  expect(() => wholeUrl("/login", undefined)).toThrow(
    "'/login' is a path, and the run has no environment with a base URL; name one as 'environment' (--env), or write the whole URL",
  );
});
