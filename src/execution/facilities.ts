import type { PerformScript, PictureTaker, ScriptScope, Variables } from "../runner/ports.js";
import type {
  ArtifactStore,
  BaselineReader,
  BrowserPool,
  ExecutionStore,
  RunEnvironment,
  VideoWriter,
  WriteBytes,
} from "./ports.js";

/** `on_failure`: videos of attempts that pass are not kept. */
export type VideoMode = "off" | "on" | "on_failure";

/** The settings by which this server performs runs. */
export interface RunSettings {
  screenshots: "inline" | "url" | "off";
  /** The video mode of runs that ask neither for a video nor for none. */
  video: VideoMode;
  commandTimeoutMs: number;
  /** Longest wait of a command that gives input for what makes the page answer it; see {@link ScriptScope}. */
  readyTimeoutMs?: ScriptScope["readyTimeoutMs"];
  keyDelayMs?: ScriptScope["keyDelayMs"];
  /**
   * Pause before each command, for people who watch; no time of the step's.
   * @defaultValue none
   */
  commandDelayMs?: number | undefined;
  navigationGraceMs?: ScriptScope["navigationGraceMs"];
  strictLocators?: ScriptScope["strictLocators"];
  /** Longest deadline that a run may ask for, and the deadline of a run that asks for none. */
  stepTimeoutMs: number;
  runTimeoutMs: number;
  /** Time for which a paused run may keep others waiting; `undefined`: as long as it likes. */
  pauseHoldMs?: number | undefined;
  /** The fate of a dialog that no command expects: it fails the command under way, or is dismissed. */
  dialogs: "fail" | "dismiss";
  allowedHosts: readonly string[];
  uploadsDir: string | undefined;
  /**
   * Bytes that the browser may put on this machine's disk for a run.
   * @defaultValue any number
   */
  runMaxDiskBytes?: number | undefined;
}

/** All that this server has for performing runs, the same for every run. */
export interface RunFacilities {
  store: ExecutionStore;
  artifacts: ArtifactStore;
  /**
   * The baselines of `verify_screenshot`, and the browser of sessions that name none.
   * @defaultValue there are none
   */
  baselines?: { reader: BaselineReader; browser: string } | undefined;
  pool: BrowserPool;
  performScript: PerformScript;
  takePicture: PictureTaker;
  /** Takes a picture for a video. */
  takeFrame: PictureTaker;
  newVideo: (write: WriteBytes) => VideoWriter;
  /** Fresh variables for one browser session of a run, which may have an environment. */
  newVariables: (environment?: RunEnvironment) => Variables;
  settings: RunSettings;
}
