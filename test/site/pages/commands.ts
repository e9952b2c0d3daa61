import type { Route } from "../exchange.js";
import { dialogPages } from "./commands-dialog.js";
import { controlPages } from "./commands-form.js";
import { navigationPages } from "./commands-page.js";
import { pointerPages } from "./commands-pointer.js";
import { statePages } from "./commands-verify.js";

/** Pages for the tests of single commands. */
export function commandPages(): Record<string, Route> {
  return {
    ...navigationPages(),
    ...pointerPages(),
    ...controlPages(),
    ...dialogPages(),
    ...statePages(),
  };
}
