import { expect, test } from "vitest";
import { nameOf, parseBucketUrl, siblingOf } from "../../../src/db/artifacts/bucket/location.js";

test.for([
  ["s3://shots", { bucket: "shots", prefix: "" }, "s3://shots"],
  ["s3://shots/", { bucket: "shots", prefix: "" }, "s3://shots"],
  [
    "S3://shots/team-a/stepwire/",
    { bucket: "shots", prefix: "team-a/stepwire/" },
    "s3://shots/team-a/stepwire",
  ],
  [
    "s3://shots/a?endpoint=http://127.0.0.1:9000&region=eu-central-1",
    { bucket: "shots", prefix: "a/", endpoint: "http://127.0.0.1:9000", region: "eu-central-1" },
    "s3://shots/a",
  ],
] as const)("%s is read", ([text, location, name]) => {
  const read = parseBucketUrl(text);
  expect(read).toEqual({ endpoint: undefined, region: undefined, ...location });
  expect(nameOf(read)).toBe(name);
});

test("another folder of a bucket keeps its server", () => {
  const location = parseBucketUrl("s3://shots/a?endpoint=http://127.0.0.1:9000&region=eu-central-1");
  expect(siblingOf(location, "b")).toBe("s3://shots/b?endpoint=http://127.0.0.1:9000&region=eu-central-1");
  expect(siblingOf(parseBucketUrl("s3://shots/a"), "b")).toBe("s3://shots/b");
});

test.for([
  ["s3://", "it is no URL|cannot name a bucket"],
  ["s3://Has_Underscore/a", "'[Hh]as_[Uu]nderscore' cannot name a bucket"],
  ["s3://shots/a b", "its folder may have letters"],
  ["s3://shots/a%2Fb", "its folder may have letters"],
  ["s3://shots/a//b", "its folder may have letters"],
  ["s3://shots/a?acl=public", "it has the option 'acl'"],
  ["s3://shots/a?endpoint=localhost:9000", "its endpoint 'localhost:9000' is no address"],
  ["s3://shots:443/a", "more than a bucket"],
  ["s3://shots/a#b", "more than a bucket"],
])("%s is refused", ([text = "", reason = ""]) => {
  expect(() => parseBucketUrl(text)).toThrow(new RegExp(`^ARTIFACTS_DIR: .*(?:${reason}).*Write s3://`));
});

test("keys in the URL are refused, and not repeated", () => {
  const url = "s3://AKIAEXAMPLE:hidden@shots/a";
  expect(() => parseBucketUrl(url)).toThrow("AWS_ACCESS_KEY_ID");
  expect(() => parseBucketUrl(url)).not.toThrow(/AKIAEXAMPLE|hidden/);
});
