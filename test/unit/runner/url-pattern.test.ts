import { expect, test } from "vitest";
import { urlPattern } from "../../../src/runner/url-pattern.js";

test.for<[pattern: string, url: string, matches: boolean]>([
  ["http://shop.test/api/items", "http://shop.test/api/items", true],
  ["http://shop.test/api/items", "http://shop.test/api/items?page=2", false],
  ["http://shop.test/api/items?page=2", "http://shop.test/api/items?page=2", true],
  ["http://shop.test/api/items?page=2", "http://shop.test/api/itemsXpage=2", false],
  ["http://shop.test", "http://shop.test/", true],
  ["http://shop.test/*", "http://shop.test/a", true],
  ["http://shop.test/*", "http://shop.test/a/b", false],
  ["http://shop.test/**", "http://shop.test/a/b?c", true],
  ["**/api/*", "https://other.test/v1/api/x", true],
  ["**/api/*", "https://other.test/v1/api/", true],
  ["**/*.{png,jpg}", "https://other.test/a/b.jpg", true],
  ["**/*.{png,jpg}", "https://other.test/a/b.gif", false],
  ["/api/**", "https://other.test/api/x/y", true],
  ["/api/**", "https://other.test/v1/api/x", false],
  ["/api/x", "https://other.test/api/x?y=1", false],
  ["**/a\\{b\\}\\*", "https://other.test/a{b}*", true],
  ["**/x", "https://other.test/x#part", true],
  ["**/(a|b)+.$", "https://other.test/(a|b)+.$", true],
  ["**/a.b", "https://other.test/aXb", false],
])("%s and %s: %s", ([pattern, url, matches]) => {
  const { matches: isLike, wildcard } = urlPattern(pattern);
  expect(isLike(url)).toBe(matches);
  // The browser stops for no request that its wildcards leave out.
  const loose = new RegExp(
    `^${wildcard
      .split("*")
      .map((part) => part.replace(/[^\w]/g, "\\$&"))
      .join(".*")}$`,
  );
  if (matches) expect(url.replace(/#.*/, "")).toMatch(loose);
  expect(wildcard).not.toMatch(/[?\\]/);
});

test("a brace without its other is refused", () => {
  expect(() => urlPattern("**/{a,b")).toThrow("a brace without its other");
  expect(() => urlPattern("**/a}")).toThrow("a brace without its other");
});
