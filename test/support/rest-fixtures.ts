import { test } from "vitest";
import type { HttpDependencies } from "../../src/http/dependencies.js";
import { restServer } from "./rest-server.js";

/** The REST side of the server for each test; a file overrides the `dependencies` that it watches or replaces. */
export const restTest = test
  .extend("dependencies", {} as Partial<HttpDependencies>)
  .extend("server", async ({ dependencies }, { onCleanup }) => {
    const server = await restServer(dependencies);
    onCleanup(() => server.close());
    return server;
  });
