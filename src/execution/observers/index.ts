import type { RunFacilities, VideoMode } from "../facilities.js";
import type { RunScope } from "../run-scope.js";
import { ArtifactKeeper } from "./artifact-keeper.js";
import { CommandHistory } from "./command-history.js";
import { Evidence } from "./evidence.js";
import type { Observer } from "./observer.js";
import { Observers } from "./observers.js";
import { Video } from "./video.js";

interface Wanted {
  facilities: Pick<RunFacilities, "takeFrame" | "newVideo" | "settings">;
  video: VideoMode;
  trace: Observer;
}

/** The observers of an attempt, in the order in which they are told and their artifacts listed. */
export function observersOf(
  scope: Omit<RunScope, "observers">,
  { facilities: { takeFrame, newVideo, settings }, video, trace }: Wanted,
): Observers {
  const keeper = new ArtifactKeeper(scope);
  const observers: Observer[] = [
    trace,
    new Evidence({ scope, keeper, screenshots: settings.screenshots }),
    new CommandHistory({ scope, keeper }),
  ];
  if (video !== "off") {
    const takeSafely = (signal: AbortSignal) => takeFrame(scope.page, scope.variables.used, signal);
    observers.push(new Video({ scope, mode: video, takeFrame: takeSafely, newVideo }));
  }
  return new Observers(observers, scope.log);
}
