import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { describe, expect } from "vitest";
import { DatabaseStartError, lookAtDatabase, openDatabase } from "../../../../src/db/index.js";
import { readMigrations } from "../../../../src/db/migrations.js";
import { MIGRATIONS_FOLDER } from "../../../../src/db/postgres/migrate.js";
import { closedPort } from "../../../support/closed-port.js";
import { ended } from "../../../support/ended.js";
import { findPostgres, PostgresServer } from "../../../support/postgres-server.js";
import { folderTest } from "../../../support/scratch-fixtures.js";
import { CERTIFICATE, KEY } from "../../../support/self-signed.js";
import { silentLog } from "../../../support/silent-log.js";

/** A server that asks one role for its password, and speaks TLS with a certificate of its own. */
const test = folderTest
  .extend("server", { scope: "file" }, async ({}, { onCleanup }) => {
    const server = await PostgresServer.start({ bin: (await findPostgres()) ?? "" });
    onCleanup(() => server.stop());
    await server.halt("fast");
    await server.writeConfiguration("server.key", KEY);
    await server.writeConfiguration("server.crt", CERTIFICATE);
    await server.writeConfiguration(
      "pg_hba.conf",
      ["stepwire", "poor"].map((role) => `host all ${role} 127.0.0.1/32 trust\n`).join("") +
        "host all guarded 127.0.0.1/32 scram-sha-256\n",
    );
    await server.start();
    return server;
  })
  .extend("admin", { scope: "file" }, async ({ server }, { onCleanup }) => {
    const client = new pg.Client(server.urlOf("postgres"));
    await client.connect();
    onCleanup(() => ended("a connection to PostgreSQL", client.end()));
    await client.query("CREATE DATABASE guarded");
    await client.query("CREATE ROLE guarded LOGIN PASSWORD 'p@ss'");
    await client.query("CREATE ROLE poor LOGIN");
    return client;
  })
  .extend("openedBy", ({ folder }) => async (url: string) => {
    const database = await openDatabase({ url, artifactsDir: join(folder, "artifacts"), log: silentLog });
    await database.close();
  });

describe("a start says in one line what is wrong with the database, and what to do", () => {
  test("no server at that address", async ({ openedBy }) => {
    const url = `postgresql://me:secret@127.0.0.1:${await closedPort()}/stepwire`;
    await expect(openedBy(url)).rejects.toThrow(
      /^DATABASE_URL: postgresql:\/\/127\.0\.0\.1:\d+\/stepwire: it cannot be reached \(ECONNREFUSED\)\. Start PostgreSQL/,
    );
    await expect(openedBy(url)).rejects.toBeInstanceOf(DatabaseStartError);
  });

  test("no such database", async ({ openedBy, server }) => {
    await expect(openedBy(server.urlOf("missing"))).rejects.toThrow(
      /missing does not exist\. Make it with: CREATE DATABASE "missing" OWNER "stepwire" ENCODING 'UTF8'/,
    );
  });

  test("a wrong password, no such role, and a role that may not come from here", async ({
    openedBy,
    server,
    admin,
  }) => {
    const asGuarded = (password: string) =>
      server.urlOf("guarded", { role: `guarded:${encodeURIComponent(password)}` });
    await admin.query("ALTER DATABASE guarded OWNER TO guarded");
    await openedBy(asGuarded("p@ss"));
    await expect(openedBy(asGuarded("wrong"))).rejects.toThrow(
      /does not let the role "guarded" in: .* password/,
    );
    await expect(openedBy(asGuarded("wrong"))).rejects.not.toThrow(/p@ss|wrong/);
    await expect(openedBy(server.urlOf("guarded", { role: "nobody" }))).rejects.toThrow(
      /does not let the role "nobody" in .*pg_hba\.conf/,
    );
  });

  test("a role without the right to make tables", async ({ openedBy, server, admin }) => {
    await admin.query("CREATE DATABASE others");
    await expect(openedBy(server.urlOf("others", { role: "poor" }))).rejects.toThrow(
      /"poor" may not do .*ALTER DATABASE "others" OWNER TO "poor"/,
    );
  });

  test("a database that does not hold every text", async ({ openedBy, server, admin }) => {
    await admin.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    await expect(openedBy(server.urlOf("latin"))).rejects.toThrow(
      /has the encoding LATIN1, .*ENCODING 'UTF8'/,
    );
  });

  test("a database that may only be read", async ({ openedBy, server, admin }) => {
    await admin.query("CREATE DATABASE standby");
    await admin.query("ALTER DATABASE standby SET default_transaction_read_only = on");
    await expect(openedBy(server.urlOf("standby"))).rejects.toThrow(/may only be read.*Name the primary/);
  });
});

describe("TLS", () => {
  test("is spoken as the URL says, with the authority that it names", async ({
    openedBy,
    server,
    admin,
    folder,
  }) => {
    await admin.query("CREATE DATABASE secure");
    const authority = join(folder, "ca.pem");
    await writeFile(authority, CERTIFICATE);
    const withMode = (more: string) => server.urlOf("secure", { more });

    await expect(openedBy(withMode("sslmode=require"))).rejects.toThrow(/speaks no TLS\. Turn it on there/);
    await admin.query("ALTER SYSTEM SET ssl = on");
    await admin.query("SELECT pg_reload_conf()");
    await expect.poll(async () => openedBy(withMode("sslmode=no-verify")).then(() => "open")).toBe("open");
    await openedBy(withMode(`uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${authority}`));
    const distrust = /the certificate of .* is not trusted \(.*\)\. Name the authority's in the URL/;
    await expect(openedBy(withMode("sslmode=verify-full"))).rejects.toThrow(distrust);
    // The certificate is for another name.
    const named = openedBy(withMode(`sslmode=verify-full&sslrootcert=${authority}`));
    await expect(named).rejects.toThrow(distrust);
  });
});

test("a look changes nothing, and tells what the next start would do", async ({
  server,
  admin,
  openedBy,
}) => {
  await admin.query("CREATE DATABASE looked_at");
  const url = server.urlOf("looked_at");

  const pendingMigrations = readMigrations(MIGRATIONS_FOLDER).length;
  expect(await lookAtDatabase(url)).toMatchObject({ isThere: true, pendingMigrations, holder: undefined });
  expect(await lookAtDatabase(url)).toMatchObject({ pendingMigrations });
  await openedBy(url);
  expect(await lookAtDatabase(url)).toMatchObject({
    place: `postgresql://127.0.0.1:${server.port}/looked_at`,
  });
  expect(await lookAtDatabase(url)).toMatchObject({ pendingMigrations: 0, folder: undefined });
});
