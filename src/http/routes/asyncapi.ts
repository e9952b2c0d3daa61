import { z } from "zod";
import { buildAsyncApi } from "../asyncapi.js";
import type { Routes } from "./routes.js";

const AsyncApi = z.looseObject({ asyncapi: z.literal("3.0.0") }).describe("An AsyncAPI document.");

export function asyncApiRoutes(app: Routes): void {
  // The document is made for the first client that asks: few servers are ever asked.
  let document: ReturnType<typeof buildAsyncApi> | undefined;
  app.get(
    "/asyncapi.json",
    {
      schema: {
        tags: ["Documentation"],
        summary: "Describe the WebSocket protocol (AsyncAPI)",
        response: { 200: AsyncApi },
      },
    },
    async () => (document ??= buildAsyncApi()),
  );
}
