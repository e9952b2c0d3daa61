import { z } from "zod";
import { anyCommand, NonEmptyText, Text } from "./fields.js";

export const Log = z
  .strictObject({ action: z.literal("log"), message: NonEmptyText, ...anyCommand })
  .describe("Writes a message into the run's events; variables are filled in.");

export const Pause = z
  .strictObject({ action: z.literal("pause"), message: Text.optional(), ...anyCommand })
  .describe("Pauses the run until someone sends `resume` or `step`, or until its deadline.");
