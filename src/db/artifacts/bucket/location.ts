import { DatabaseStartError } from "../../start-error.js";

/** A bucket of S3, or of a server that speaks its protocol, and the part of it that artifacts are kept in. */
export interface BucketLocation {
  bucket: string;
  /** The beginning of every key: empty, or one that ends with a slash. */
  prefix: string;
  /** The address of a server other than Amazon's. @defaultValue that of the environment, else Amazon's */
  endpoint: string | undefined;
  /** @defaultValue that of the environment */
  region: string | undefined;
}

/** Names that every S3 takes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Characters that no client and no server writes in another way. */
const PREFIX = /^[\w.-]+(?:\/[\w.-]+)*$/;

const OPTIONS = ["endpoint", "region"];

const EXAMPLE = "s3://bucket/folder or s3://bucket/folder?endpoint=http://127.0.0.1:9000&region=us-east-1";

/**
 * Reads `s3://bucket/prefix?endpoint=…&region=…`. Keys stand in the environment, as every program of AWS has them; none
 * may stand here.
 *
 * @throws DatabaseStartError for anything else
 */
export function parseBucketUrl(text: string): BucketLocation {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw isWrong(text, "it is no URL");
  if (url.username !== "" || url.password !== "" || url.port !== "" || url.hash !== "")
    throw isWrong(
      `s3://${url.hostname}`,
      "it has more than a bucket, a folder and options; keys go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    );
  const strange = [...url.searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (strange !== undefined) throw isWrong(text, `it has the option '${strange}'`);
  if (!BUCKET.test(url.hostname)) throw isWrong(text, `'${url.hostname}' cannot name a bucket`);
  const folder = url.pathname.replace(/^\/|\/$/g, "");
  if (folder !== "" && (!PREFIX.test(folder) || folder.split("/").includes("..")))
    throw isWrong(text, "its folder may have letters, digits, '_', '-' and '.' between slashes");
  const endpoint = url.searchParams.get("endpoint") ?? undefined;
  if (endpoint !== undefined && !isHttpAddress(endpoint))
    throw isWrong(text, `its endpoint '${endpoint}' is no address such as https://s3.example.com`);
  return {
    bucket: url.hostname,
    prefix: folder === "" ? "" : `${folder}/`,
    endpoint,
    region: url.searchParams.get("region") ?? undefined,
  };
}

/** The place as a message names it. */
export function nameOf({ bucket, prefix }: BucketLocation): string {
  return `s3://${bucket}/${prefix.slice(0, -1)}`.replace(/\/$/, "");
}

/** Another folder of the same bucket, as `ARTIFACTS_DIR` has it. */
export function siblingOf({ bucket, endpoint, region }: BucketLocation, folder: string): string {
  const options = [endpoint && `endpoint=${endpoint}`, region && `region=${region}`].filter(Boolean);
  return `s3://${bucket}/${folder}${options.length === 0 ? "" : `?${options.join("&")}`}`;
}

function isHttpAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.search === "";
}

function isWrong(text: string, reason: string): DatabaseStartError {
  return new DatabaseStartError(`ARTIFACTS_DIR: ${text} names no bucket: ${reason}. Write ${EXAMPLE}.`);
}
