/** The part of the package that tests use; it has no types of its own. */
declare module "@20minutes/s3rver" {
  interface Options {
    address: string;
    /** 0 for one that is free. */
    port: number;
    silent: boolean;
    directory: string;
    allowMismatchedSignatures: boolean;
    configureBuckets: { name: string }[];
  }

  export default class S3rver {
    constructor(options: Options);
    run(): Promise<string | object | null>;
    close(): Promise<void>;
  }
}
