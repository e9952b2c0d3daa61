import type { Command } from "../../protocol/commands.js";
import type { ArtifactReference, Verdict } from "../../protocol/messages.js";
import type { ScriptArtifact } from "../../runner/ports.js";
import type { StepRecord } from "../ports.js";

/** The end of a command. */
export interface CommandEnding {
  verdict: Verdict;
  /** The reason that it did not pass. */
  errorMessage: string | null;
  /** True when the step ends with this command, because it did not pass and was not soft. */
  endsStep: boolean;
}

/** The end of a step. */
export interface StepEnding {
  verdict: Verdict;
  /** Number of the command that did not pass, if it was one. */
  command: number | undefined;
  /** True when somebody waits for evidence of the failure: the step did not pass, and nobody has cancelled the run. */
  wantsEvidence: boolean;
}

/**
 * Looks on while an attempt at a run is performed, and may keep what it sees as artifacts. No verdict depends on an
 * observer: its failures and errors are logged and left out. Everything that it begins ends within a time of
 * its own. Numbers of commands are 1-based in the step, those of its login counted.
 *
 * The methods without a promise are called as it happens, on the way of the commands, and have to return at once.
 */
export interface Observer {
  stepBegun?(step: StepRecord): void;
  commandBegun?(number: number, command: Command, message: string): void;
  /** Called once for each command that has begun. */
  commandEnded?(number: number, ending: CommandEnding): void;
  /** A command has made something that is to be kept. */
  artifactMade?(number: number, artifact: ScriptArtifact): void;
  /**
   * Looks at the page no more until the next command has ended. Awaited before each command of a step that uses
   * secrets.
   */
  settle?(): Promise<void>;
  /** The commands of a step are over, and no observer has touched the page since. */
  scriptEnded?(ending: StepEnding): void;
  /** Awaited before the step's verdict is told. @returns all that was kept of the step */
  stepEnded?(ending: StepEnding): Promise<readonly ArtifactReference[]>;
  /** Awaited before the verdict of the attempt's last step is told. @returns what was kept of the whole attempt */
  attemptEnded?(verdict: Verdict): Promise<readonly ArtifactReference[]>;
  /** Awaited before the run counts as over, however it has ended. */
  close?(): Promise<void>;
}
