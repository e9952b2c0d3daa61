import { z } from "zod";
import { MAX_REQUEST_ID_LENGTH } from "./limits.js";

export const RequestId = z
  .string()
  .min(1)
  .max(MAX_REQUEST_ID_LENGTH)
  .describe("Chosen by the client; comes back on every message that answers the request.");
