import type { z } from "zod";
import type * as messages from "../protocol/messages.js";
import type * as session from "../protocol/session-messages.js";

// The messages of the protocol, by the schemas that the server checks them with. The client's own package has them
// written out, so that nobody who uses it needs the schemas (scripts/client-package.ts).

export type AllStepsComplete = z.infer<typeof messages.AllStepsComplete>;
export type ExecuteAll = z.input<typeof messages.ExecuteAll>;
export type ExecuteStep = z.input<typeof messages.ExecuteStep>;
export type ExecutionComplete = z.infer<typeof messages.ExecutionComplete>;
export type GenerateStepScript = z.input<typeof messages.GenerateStepScript>;
export type GenerateTestCase = z.input<typeof messages.GenerateTestCase>;
export type GenerationComplete = z.infer<typeof messages.GenerationComplete>;
export type GenerationProgress = z.infer<typeof messages.GenerationProgress>;
export type RunEvent = z.infer<typeof messages.RunEvent>;
export type ServerMessage = z.infer<typeof messages.ServerMessage>;
export type StepScriptGenerated = z.infer<typeof messages.StepScriptGenerated>;
export type Welcome = z.infer<typeof session.Welcome>;
