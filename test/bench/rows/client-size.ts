import { gzipSync } from "node:zlib";
import { clientBundle } from "../../support/client-bundle.js";
import { atMost, type Row } from "../table.js";

const LIMIT_KIB = 12;

/** Size of the client library as a page has to load it. */
export async function measureClientSize(): Promise<Row[]> {
  const code = await clientBundle();
  return [
    atMost(LIMIT_KIB, {
      name: "client-size",
      what: "stepwire/client for a browser, minified, gzip",
      value: gzipSync(code).length / 1024,
      unit: " KiB",
      digits: 1,
      note: `${(code.length / 1024).toFixed(1)} KiB before gzip`,
    }),
  ];
}
