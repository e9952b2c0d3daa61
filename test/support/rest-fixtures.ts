import { test } from "vitest";
import { restServer, type RestOverrides } from "./rest-server.js";

/** The REST side of the server for each test; a file overrides the `dependencies` that it watches or replaces. */
export const restTest = () =>
  test
    .extend("dependencies", {} as RestOverrides)
    .extend("server", async ({ dependencies }, { onCleanup }) => {
      const server = await restServer(dependencies);
      onCleanup(() => server.close());
      return server;
    });
