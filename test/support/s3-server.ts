import type { AddressInfo } from "node:net";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";
import { vi } from "vitest";
import { folderTest } from "./scratch-fixtures.js";
import { ended } from "./ended.js";

/** The keys that the server takes. */
export const S3_KEYS = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };

const BUCKET = "stepwire";

/** A server that speaks the protocol of S3, with one bucket. */
export interface S3Server {
  /** Such as `http://127.0.0.1:41234`. */
  endpoint: string;
  /** `ARTIFACTS_DIR` for a folder of the bucket. */
  artifactsDir(folder?: string): string;
  /** Ends it. May be called more than once. */
  close(): Promise<void>;
}

/** @param folder where it keeps its objects */
async function startS3Server(folder: string): Promise<S3Server> {
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: join(folder, "s3"),
    // It reckons the signature of a request for a list without the slash after the bucket, which the client signs.
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: BUCKET }],
  });
  const { port } = (await server.run()) as AddressInfo;
  let closed: Promise<void> | undefined;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    artifactsDir: (name = "tests/artifacts") =>
      `s3://${BUCKET}/${name}?endpoint=${endpoint}&region=us-east-1`,
    close: () => (closed ??= server.close()),
  };
}

/** A server of S3 for each test, whose keys are in the environment. */
export const s3Test = folderTest.extend("s3", async ({ folder }, { onCleanup }) => {
  for (const [name, value] of Object.entries(S3_KEYS)) vi.stubEnv(name, value);
  const server = await startS3Server(folder);
  onCleanup(async () => {
    vi.unstubAllEnvs();
    await ended("the server of S3", server.close());
  });
  return server;
});
