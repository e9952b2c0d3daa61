import { z } from "zod";
import { COMMANDS, type Action, type LocatorType } from "../../protocol/commands.js";

/**
 * Which commands a language model is offered. The others work in its answers too; they are left out because no
 * description of a test asks for them, and because a schema with everything in it is more than small models and
 * some servers can hold.
 */
const OFFERED: Record<Action, boolean> = {
  ...{ navigate: true, back: true, forward: true, refresh: true, set_window_size: true, new_window: true },
  ...{ switch_window: true, close_window: true, switch_frame: true, scroll: true, screenshot: true },
  ...{ click: true, double_click: true, right_click: true, hover: true, drag_and_drop: true },
  ...{ mouse_down: false, mouse_move: false, mouse_up: false },
  ...{
    input: true,
    clear: true,
    press_key: true,
    select: true,
    check: true,
    uncheck: true,
    upload_file: true,
  },
  ...{ focus: false, blur: false, edit_content: true, submit: true },
  ...{ handle_dialog: true },
  ...{ wait: true, wait_for: true, wait_for_text: true, wait_for_url: true, wait_for_download: true },
  ...{ verify_element_present: true, verify_element_absent: true, verify_visible: true, verify_hidden: true },
  ...{
    verify_text: true,
    verify_value: true,
    verify_attribute: true,
    verify_css: false,
    verify_checked: true,
  },
  ...{ verify_enabled: true, verify_editable: true, verify_selected: true, verify_count: true },
  ...{
    verify_title: true,
    verify_url: true,
    verify_dialog: true,
    verify_download: true,
    verify_variable: true,
  },
  ...{ set_variable: true, store_text: true, store_value: true, store_attribute: false, store_count: true },
  ...{ store_title: false, store_url: false },
  ...{ log: false, pause: false },
};

export const OFFERED_ACTIONS = Object.keys(OFFERED).filter(
  // The keys of a record of actions are actions.
  (action) => OFFERED[action as Action],
) as Action[];

/** Fields that a description never says anything about. */
const LEFT_OUT = new Set(["offset_x", "offset_y", "soft", "min_bytes", "when"]);

/**
 * The ways to find an element that a model is offered, the best first. The others are what `css` says as well.
 */
export const OFFERED_LOCATOR_TYPES = [
  ...(["role", "label", "placeholder", "text", "alt", "title", "test_id"] as const),
  ...(["id", "name", "css", "xpath"] as const),
] satisfies LocatorType[];

/**
 * A locator inside a command, one level deep: the protocol's own goes as deep as one likes, which a schema can
 * say only by referring to itself, and several servers refuse that. Its type is any text here, because a schema
 * may hold 500 values of enums on some servers; `parseScript` looks at it anyway.
 */
const InnerLocator = z.strictObject({
  locator_type: z.string(),
  locator_value: z.string(),
  locator_name: z.string().optional(),
  exact: z.boolean().optional(),
});

/** Fields that a model is offered in a simpler form than the protocol has. */
const SIMPLER: Record<string, z.ZodType | undefined> = {
  locator_type: z.enum(OFFERED_LOCATOR_TYPES),
  within: InnerLocator,
  to: InnerLocator,
  alternatives: z.array(InnerLocator),
};

/** Commands that are alike but for their action, and the fields they have beside it. */
export interface OfferedGroup {
  actions: [Action, ...Action[]];
  fields: Record<string, z.ZodType>;
}

/** The offered commands; those with the same fields are one group, so that a schema has to say the fields once. */
export const OFFERED_GROUPS: OfferedGroup[] = grouped();

function grouped(): OfferedGroup[] {
  const groups = new Map<string, OfferedGroup>();
  for (const action of OFFERED_ACTIONS) {
    const fields = offeredFields(action);
    const key = JSON.stringify(z.toJSONSchema(z.object(fields), { io: "input" }));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { actions: [action], fields });
    else group.actions.push(action);
  }
  return [...groups.values()];
}

function offeredFields(action: Action): Record<string, z.ZodType> {
  const fields: Record<string, z.ZodType> = COMMANDS[action].shape;
  const offered = Object.entries(fields).filter(([name]) => name !== "action" && !LEFT_OUT.has(name));
  return Object.fromEntries(offered.map(([name, field]) => [name, simpler(action, name, field)]));
}

function simpler(action: Action, name: string, field: z.ZodType): z.ZodType {
  // The `to` of `scroll` is no locator but an end of the page.
  const simple = action === "scroll" && name === "to" ? undefined : SIMPLER[name];
  if (simple === undefined) return field;
  return isOptional(field) ? simple.optional() : simple;
}

export function isOptional(field: z.ZodType): boolean {
  return field.safeParse(undefined).success;
}
