import { z } from "zod";
import * as debug from "./commands/debug.js";
import * as dialog from "./commands/dialog.js";
import * as form from "./commands/form.js";
import * as page from "./commands/page.js";
import * as pointer from "./commands/pointer.js";
import * as store from "./commands/store.js";
import * as verify from "./commands/verify.js";
import * as wait from "./commands/wait.js";

export { isHttpUrl, type Match } from "./commands/fields.js";
export { Locator, LOCATOR_TYPES, LocatorType, type Target } from "./commands/locator.js";
export type { MouseButton } from "./commands/pointer.js";
export type { ElementState } from "./commands/wait.js";

/** Every command there is, by its kind and action. There is none that runs code, and none may be added. */
export const COMMAND_GROUPS = {
  page: {
    navigate: page.Navigate,
    back: page.Back,
    forward: page.Forward,
    refresh: page.Refresh,
    set_window_size: page.SetWindowSize,
    new_window: page.NewWindow,
    switch_window: page.SwitchWindow,
    close_window: page.CloseWindow,
    switch_frame: page.SwitchFrame,
    scroll: page.Scroll,
    screenshot: page.Screenshot,
  },
  pointer: {
    click: pointer.Click,
    double_click: pointer.DoubleClick,
    right_click: pointer.RightClick,
    hover: pointer.Hover,
    drag_and_drop: pointer.DragAndDrop,
    mouse_down: pointer.MouseDown,
    mouse_move: pointer.MouseMove,
    mouse_up: pointer.MouseUp,
  },
  form: {
    input: form.Input,
    clear: form.Clear,
    press_key: form.PressKey,
    select: form.Select,
    check: form.Check,
    uncheck: form.Uncheck,
    upload_file: form.UploadFile,
    focus: form.Focus,
    blur: form.Blur,
    edit_content: form.EditContent,
    submit: form.Submit,
  },
  dialog: { handle_dialog: dialog.HandleDialog },
  wait: {
    wait: wait.Wait,
    wait_for: wait.WaitFor,
    wait_for_text: wait.WaitForText,
    wait_for_url: wait.WaitForUrl,
    wait_for_download: wait.WaitForDownload,
  },
  verify: {
    verify_element_present: verify.VerifyElementPresent,
    verify_element_absent: verify.VerifyElementAbsent,
    verify_visible: verify.VerifyVisible,
    verify_hidden: verify.VerifyHidden,
    verify_text: verify.VerifyText,
    verify_value: verify.VerifyValue,
    verify_attribute: verify.VerifyAttribute,
    verify_css: verify.VerifyCss,
    verify_checked: verify.VerifyChecked,
    verify_enabled: verify.VerifyEnabled,
    verify_editable: verify.VerifyEditable,
    verify_selected: verify.VerifySelected,
    verify_count: verify.VerifyCount,
    verify_title: verify.VerifyTitle,
    verify_url: verify.VerifyUrl,
    verify_dialog: verify.VerifyDialog,
    verify_download: verify.VerifyDownload,
    verify_variable: verify.VerifyVariable,
  },
  store: {
    set_variable: store.SetVariable,
    store_text: store.StoreText,
    store_value: store.StoreValue,
    store_attribute: store.StoreAttribute,
    store_count: store.StoreCount,
    store_title: store.StoreTitle,
    store_url: store.StoreUrl,
  },
  debug: { log: debug.Log, pause: debug.Pause },
} as const;

/** Every command by its action. The union, the docs and the runner's executors all come from it. */
export const COMMANDS = {
  ...COMMAND_GROUPS.page,
  ...COMMAND_GROUPS.pointer,
  ...COMMAND_GROUPS.form,
  ...COMMAND_GROUPS.dialog,
  ...COMMAND_GROUPS.wait,
  ...COMMAND_GROUPS.verify,
  ...COMMAND_GROUPS.store,
  ...COMMAND_GROUPS.debug,
} as const;

export type Action = keyof typeof COMMANDS;
export const ACTIONS = Object.keys(COMMANDS) as [Action, ...Action[]];

export type CommandOf<A extends Action> = z.infer<(typeof COMMANDS)[A]>;
export type Command = { [A in Action]: CommandOf<A> }[Action];
// The values of the map are the members of the union; `Object.values` only forgets that there is a first.
const schemas = Object.values(COMMANDS) as unknown as [typeof page.Navigate, typeof page.Back];
export const Command = z.discriminatedUnion("action", schemas) as unknown as z.ZodType<Command, Command>;

/** The JSON array a step's `selenium_script_json` holds. */
export const Script = z.array(Command).min(1);
export type Script = z.infer<typeof Script>;
