import type { Action, Command } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import * as check from "./check.js";
import * as click from "./click.js";
import * as clipboard from "./clipboard.js";
import * as cookies from "./cookies.js";
import * as debug from "./debug.js";
import * as downloads from "./downloads.js";
import * as dragAndDrop from "./drag-and-drop.js";
import * as elementReadings from "./element-readings.js";
import * as elementStates from "./element-states.js";
import * as emulation from "./emulation.js";
import * as focus from "./focus.js";
import * as handleDialog from "./handle-dialog.js";
import * as history from "./history.js";
import * as mouse from "./mouse.js";
import * as navigate from "./navigate.js";
import * as network from "./network.js";
import * as pressKey from "./press-key.js";
import * as requests from "./requests.js";
import * as screenshot from "./screenshot.js";
import * as scroll from "./scroll.js";
import * as select from "./select.js";
import * as storage from "./storage.js";
import * as store from "./store.js";
import * as submit from "./submit.js";
import * as switchFrame from "./switch-frame.js";
import * as switchWindow from "./switch-window.js";
import * as typing from "./typing.js";
import * as uploadFile from "./upload-file.js";
import * as verifyAccessible from "./verify-accessible.js";
import * as verifyConsole from "./verify-console.js";
import * as verifyCount from "./verify-count.js";
import * as verifyDialog from "./verify-dialog.js";
import * as verifyScreenshot from "./verify-screenshot.js";
import * as verifySelected from "./verify-selected.js";
import * as verifyVariable from "./verify-variable.js";
import * as wait from "./wait.js";
import * as windowTexts from "./window-texts.js";
import * as window from "./window.js";

/** The executors, which their files export under the actions of the protocol; a missing one does not compile. */
const EXECUTORS: { [A in Action]: Executor<A> } = {
  ...check,
  ...click,
  ...clipboard,
  ...cookies,
  ...debug,
  ...downloads,
  ...dragAndDrop,
  ...elementReadings,
  ...elementStates,
  ...emulation,
  ...focus,
  ...handleDialog,
  ...history,
  ...mouse,
  ...navigate,
  ...network,
  ...pressKey,
  ...requests,
  ...screenshot,
  ...scroll,
  ...select,
  ...storage,
  ...store,
  ...submit,
  ...switchFrame,
  ...switchWindow,
  ...typing,
  ...uploadFile,
  ...verifyAccessible,
  ...verifyConsole,
  ...verifyCount,
  ...verifyDialog,
  ...verifyScreenshot,
  ...verifySelected,
  ...verifyVariable,
  ...wait,
  ...windowTexts,
  ...window,
};

export function executorOf(command: Command): Executor<Action> {
  // The map pairs each action with the executor of its own command; TypeScript cannot follow that through an index.
  return EXECUTORS[command.action];
}
