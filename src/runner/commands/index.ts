import type { Action, Command } from "../../protocol/commands.js";
import type { Executor } from "../executor.js";
import { check, uncheck } from "./check.js";
import { click, doubleClick, rightClick } from "./click.js";
import { log, pause } from "./debug.js";
import { verifyDownload, waitForDownload } from "./downloads.js";
import { dragAndDrop } from "./drag-and-drop.js";
import * as readings from "./element-readings.js";
import * as states from "./element-states.js";
import { blur, focus } from "./focus.js";
import { handleDialog } from "./handle-dialog.js";
import { back, forward, refresh } from "./history.js";
import { hover, mouseDown, mouseMove, mouseUp } from "./mouse.js";
import { navigate } from "./navigate.js";
import { pressKey } from "./press-key.js";
import { screenshot } from "./screenshot.js";
import { scroll } from "./scroll.js";
import { select } from "./select.js";
import * as store from "./store.js";
import { submit } from "./submit.js";
import { switchFrame } from "./switch-frame.js";
import { switchWindow } from "./switch-window.js";
import { clear, editContent, input } from "./typing.js";
import { uploadFile } from "./upload-file.js";
import { verifyCount } from "./verify-count.js";
import { verifyDialog } from "./verify-dialog.js";
import { verifySelected } from "./verify-selected.js";
import { verifyVariable } from "./verify-variable.js";
import { wait } from "./wait.js";
import { verifyTitle, verifyUrl, waitForUrl } from "./window-texts.js";
import { closeWindow, newWindow, setWindowSize } from "./window.js";

/** One executor for each command of the protocol; a missing one does not compile. */
const EXECUTORS: { [A in Action]: Executor<A> } = {
  navigate,
  back,
  forward,
  refresh,
  set_window_size: setWindowSize,
  new_window: newWindow,
  switch_window: switchWindow,
  close_window: closeWindow,
  switch_frame: switchFrame,
  scroll,
  screenshot,
  click,
  double_click: doubleClick,
  right_click: rightClick,
  hover,
  drag_and_drop: dragAndDrop,
  mouse_down: mouseDown,
  mouse_move: mouseMove,
  mouse_up: mouseUp,
  input,
  clear,
  press_key: pressKey,
  select,
  check,
  uncheck,
  upload_file: uploadFile,
  focus,
  blur,
  edit_content: editContent,
  submit,
  handle_dialog: handleDialog,
  wait,
  wait_for: states.waitFor,
  wait_for_text: readings.waitForText,
  wait_for_url: waitForUrl,
  wait_for_download: waitForDownload,
  verify_element_present: states.verifyElementPresent,
  verify_element_absent: states.verifyElementAbsent,
  verify_visible: states.verifyVisible,
  verify_hidden: states.verifyHidden,
  verify_text: readings.verifyText,
  verify_value: readings.verifyValue,
  verify_attribute: readings.verifyAttribute,
  verify_css: readings.verifyCss,
  verify_checked: states.verifyChecked,
  verify_enabled: states.verifyEnabled,
  verify_editable: states.verifyEditable,
  verify_selected: verifySelected,
  verify_count: verifyCount,
  verify_title: verifyTitle,
  verify_url: verifyUrl,
  verify_dialog: verifyDialog,
  verify_download: verifyDownload,
  verify_variable: verifyVariable,
  set_variable: store.setVariable,
  store_text: store.storeText,
  store_value: store.storeValue,
  store_attribute: store.storeAttribute,
  store_count: store.storeCount,
  store_title: store.storeTitle,
  store_url: store.storeUrl,
  log,
  pause,
};

export function executorOf(command: Command): Executor<Action> {
  // The map pairs each action with the executor of its own command; TypeScript cannot follow that through an index.
  return EXECUTORS[command.action];
}
