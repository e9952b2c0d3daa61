import type { Verdict } from "../protocol/messages.js";
import type { PerformScript, ScriptListener } from "../runner/ports.js";

export interface PerformedCommand {
  action: string;
  verdict: Verdict;
  seconds: number;
}

/** Tells of each command when it has ended, and of one that was interrupted as an error. */
export function watchScripts(
  performScript: PerformScript,
  onCommand: (command: PerformedCommand) => void,
): PerformScript {
  return async (commands, scope) => {
    const { listener } = scope;
    let underWay: { action: string; begunAt: number } | undefined;
    const end = (verdict: Verdict) => {
      if (underWay === undefined) return;
      const { action, begunAt } = underWay;
      underWay = undefined;
      onCommand({ action, verdict, seconds: (performance.now() - begunAt) / 1000 });
    };
    const watching: ScriptListener = {
      onCommandBegun: (number, command, message) => {
        underWay = { action: command.action, begunAt: performance.now() };
        listener.onCommandBegun(number, command, message);
      },
      onCommandEnded: (number, command, failure) => {
        end(failure?.verdict ?? "passed");
        listener.onCommandEnded(number, command, failure);
      },
      onLog: (number, entry) => {
        listener.onLog(number, entry);
      },
      onArtifact: (number, artifact) => {
        listener.onArtifact(number, artifact);
      },
    };
    try {
      return await performScript(commands, { ...scope, listener: watching });
    } finally {
      end("error");
    }
  };
}
