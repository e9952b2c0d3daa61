import { z } from "zod";
import {
  ACTIONS,
  COMMANDS,
  Locator,
  LOCATORS,
  LOCATORS_BY_WORTH,
  type Action,
} from "../../protocol/commands.js";

/** The commands that a language model is offered; each says so itself. */
export const OFFERED_ACTIONS = ACTIONS.filter((action) => COMMANDS[action].offered);

/** Fields that a description never says anything about. */
const LEFT_OUT = new Set(["delay", "offset_x", "offset_y", "since", "soft", "strict", "min_bytes", "when"]);

/** The ways to find an element that a model is offered, the best first; each says so itself. */
export const OFFERED_LOCATOR_TYPES = LOCATORS_BY_WORTH.filter((type) => LOCATORS[type].offered);

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
  const fields: Record<string, z.ZodType> = COMMANDS[action].schema.shape;
  const offered = Object.entries(fields).filter(([name]) => name !== "action" && !LEFT_OUT.has(name));
  return Object.fromEntries(offered.map(([name, field]) => [name, simpler(name, field)]));
}

/** The field as a model is offered it: with fewer locator types, and with locators that are one level deep. */
function simpler(name: string, field: z.ZodType): z.ZodType {
  const simple = name === "locator_type" ? z.enum(OFFERED_LOCATOR_TYPES) : simplerLocator(field);
  if (simple === undefined) return field;
  return isOptional(field) ? simple.optional() : simple;
}

function simplerLocator(field: z.ZodType): z.ZodType | undefined {
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
  if (inner === Locator) return InnerLocator;
  return inner instanceof z.ZodArray && inner.element === Locator ? z.array(InnerLocator) : undefined;
}

export function isOptional(field: z.ZodType): boolean {
  return field.safeParse(undefined).success;
}
