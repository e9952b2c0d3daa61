import { z } from "zod";
import { HttpUrl, PageUrl } from "./fields.js";
import { optionalTarget, WHOLE_LOCATOR } from "./locator.js";
import type { Rule } from "./rule.js";

type Fields = z.core.$ZodLooseShape;
type Shape<A extends string, F extends Fields> = { action: z.ZodLiteral<A> } & F;

/** The whole definition of a command; only the rules can be left out. */
interface Parts<A extends string, F extends Fields> {
  action: A;
  /** The command's effect: one sentence for the docs, the JSON Schema and language models. */
  description: string;
  /** The fields beside `action`, in the order of the docs. */
  fields: F;
  /** Rules for several fields together. The rule that half a locator is none need not be among them. */
  rules?: readonly Rule<z.infer<z.ZodObject<F>>>[];
  /** An example for the docs, without its `action`. */
  example: z.infer<z.ZodObject<F>>;
  /**
   * True when a language model is told of the command. One that is not offered works in its answers too; it is left
   * out because no description of a test asks for it, and because a schema with everything in it is more than small
   * models and some servers can hold.
   */
  offered: boolean;
}

/** A command of the protocol. */
export interface CommandDefinition<A extends string, F extends Fields> {
  action: A;
  description: string;
  schema: z.ZodObject<Shape<A, F>, z.core.$strict>;
  /** Names of the fields that are opened as URLs, which servers and proxies keep. */
  urls: readonly string[];
  /** The rules in words, such as "needs exactly one of 'label', 'value' and 'index'". */
  rules: readonly string[];
  example: z.infer<z.ZodObject<Shape<A, F>>>;
  offered: boolean;
}

/** Declares a command; `src/protocol/commands.ts` and what is derived from it know it by its group. */
export function command<A extends string, F extends Fields>(parts: Parts<A, F>): CommandDefinition<A, F> {
  const { action, description, fields, rules = [], example, offered } = parts;
  const mayDoWithoutTarget = fields["locator_type"] === optionalTarget.locator_type;
  const checked = [...(mayDoWithoutTarget ? [WHOLE_LOCATOR] : []), ...rules];
  const plain: z.ZodObject = z.strictObject({ action: z.literal(action), ...fields });
  const schema = checked.reduce(
    // The schema has let nothing through but the fields that the rules are about.
    (known, { holds, words }) => known.refine((value) => holds(value as never), { error: words }),
    plain,
  );
  return {
    action,
    description,
    // TypeScript cannot follow a generic shape through the methods of its schema.
    schema: schema.describe(description) as unknown as CommandDefinition<A, F>["schema"],
    urls: Object.keys(fields).filter((name) => isOfUrl(fields[name])),
    rules: rules.map(({ words }) => words),
    example: { action, ...example } as unknown as CommandDefinition<A, F>["example"],
    offered,
  };
}

function isOfUrl(field: unknown): boolean {
  const whole = field instanceof z.ZodOptional ? field.unwrap() : field;
  return whole === HttpUrl || whole === PageUrl;
}
