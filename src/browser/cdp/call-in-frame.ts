import { firstOf } from "../../async/first-of.js";
import type { Patience } from "../../runner/ports.js";
import type { DevTools } from "../devtools-protocol.js";
import { callIn } from "./calls.js";
import type { CdpFrame, World } from "./frame.js";
import type { CdpSideChannel } from "./side-channel.js";

/** A function to call in a document, as DevTools takes it. */
export interface FrameCall {
  functionDeclaration: string;
  argument?: string;
  returnByValue: boolean;
  /** The wait for a navigation that is under way; to the end of the call's own time unless given. */
  patience?: Patience | undefined;
}

/**
 * Calls a function in the document that a frame has, by the side channel where a navigation keeps the browser from
 * asking it.
 *
 * @returns undefined when a navigation has been under way for too long, and the function has to be called anew
 */
export async function callInFrame(
  { frame, world, sideChannel }: { frame: CdpFrame; world: World; sideChannel: CdpSideChannel },
  { functionDeclaration, patience, ...call }: FrameCall,
  signal: AbortSignal,
): Promise<DevTools.Runtime.RemoteObject | undefined> {
  if (frame.pending !== undefined && frame.parent === undefined) {
    const place = { frame, world };
    const value = await sideChannel.call(place, functionDeclaration, call.argument ?? "", signal);
    return { type: "string", value };
  }
  const calling = (until: AbortSignal) => callIn(world, functionDeclaration, call, until);
  // A frame whose surroundings are left may never answer.
  if (frame.parent !== undefined) return await firstOf(signal, calling, (until) => frame.whenLeft(until));
  if (patience === undefined) return await calling(signal);
  return await firstOf(signal, calling, async (until) => {
    await frame.outOfPatience(patience, until);
    return undefined;
  });
}
