import { expect, test } from "vitest";
import { requireUtf8, requireVersion } from "../../../../src/db/postgres/faults.js";
import { locationOf } from "../../../../src/db/postgres/location.js";
import { connectionSettings } from "../../../../src/db/postgres/pool.js";
import { withStorableValues } from "../../../../src/db/postgres/values.js";
import { DatabaseStartError } from "../../../../src/db/start-error.js";

test("a place has neither user nor password nor parameters", () => {
  expect(locationOf("postgresql://me:p%40ss@db.example.com/step%20wire?sslmode=verify-full")).toMatchObject({
    place: "postgresql://db.example.com:5432/step%20wire",
    database: "step wire",
    role: "me",
  });
  expect(locationOf("postgres://[::1]:6000/x").place).toBe("postgresql://[::1]:6000/x");
});

test.each([
  ["postgresql://me:secret@db.example.com", /names no database/],
  ["postgresql://me:secret@db.example.com/", /names no database/],
  ["postgresql:///stepwire", /names no host/],
  ["postgresql://me:se/cret@db/x", /of the form .* percent-encoding/],
  ["postgresql://me:secret@db/100%", /written as %25/],
])("%s is refused with what to do, and without the password", (url, message) => {
  const read = () => locationOf(url);

  expect(read).toThrow(DatabaseStartError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/secret|se\/cret/);
});

test("every connection keeps time in UTC, beside the options of the URL", () => {
  const { options, connectionString } = connectionSettings(
    locationOf("postgresql://db/x?options=-c%20work_mem%3D8MB&sslmode=verify-full"),
  );
  expect(options).toBe("-c work_mem=8MB -c TimeZone=UTC -c search_path=public");
  expect(connectionString).toBe("postgresql://db/x?sslmode=verify-full");
});

test("a server before version 14 is refused, and a database of another encoding", () => {
  expect(() => {
    requireVersion(130_022, "db");
  }).toThrow(/db is PostgreSQL 13, which is too old\. Stepwire works with 14 and later/);
  expect(() => {
    requireVersion(140_000, "db");
  }).not.toThrow();
  expect(() => {
    requireUtf8("SQL_ASCII", locationOf("postgresql://db/x"));
  }).toThrow(/encoding SQL_ASCII/);
});

test("values that no column takes are replaced, but no number of an insert", () => {
  const statement = (sql: string, value: unknown, dbType: string | null = "INTEGER") =>
    withStorableValues({ sql, args: [value], argTypes: [{ dbType }] }).args[0];

  expect(statement("SELECT 1", "a\u0000b", null)).toBe("a\uFFFDb");
  expect(statement("SELECT 1", "9007199254740991")).toBe(2_147_483_647);
  expect(statement("UPDATE x", -(2 ** 40))).toBe(-2_147_483_647);
  expect(statement("SELECT 1", 5)).toBe(5);
  expect(statement("SELECT 1", null)).toBe(null);
  expect(statement("INSERT INTO x", 2 ** 40)).toBe(2 ** 40);
  expect(statement("SELECT 1", 2 ** 40, null)).toBe(2 ** 40);
});
