import { z } from "zod";
import { isHttpUrl, VariableName } from "./commands/fields.js";
import { MAX_COMMAND_TEXT_LENGTH } from "./limits.js";

export const EnvironmentName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/, {
    error: "must be letters and digits, with '-', '_' or '.' between them",
  });

/** The address that the paths of `navigate` and `new_window` belong to. */
const BaseUrl = z
  .string()
  .max(2000)
  .refine(isHttpUrl, { error: "must be an absolute http or https URL" })
  .refine((url) => !isHttpUrl(url) || isPlain(new URL(url)), {
    error: "must hold no user name, password, query or fragment",
  });

function isPlain({ username, password, search, hash }: URL): boolean {
  return `${username}${password}${search}${hash}` === "";
}

const Value = z
  .string()
  .max(MAX_COMMAND_TEXT_LENGTH)
  .refine((text) => !text.includes("\0"), { error: "must not hold a NUL character" });

/** The variables that a run is given, by the names that scripts know them under. */
export const EnvironmentVariables = z.record(VariableName, Value);

export const environmentFields = {
  name: EnvironmentName.describe("The name by which runs and cases choose it."),
  base_url: BaseUrl.nullable()
    .optional()
    .describe("Paths of `navigate` and `new_window` are opened under it: `/login` under its host."),
  variables: EnvironmentVariables.optional().describe(
    "What `${env.NAME}` stands for, before what `SCRIPT_ENV` names. No secrets: anybody who may read can read them.",
  ),
  secrets: z
    .record(VariableName, VariableName)
    .optional()
    .describe(
      "The secret that `${secret.NAME}` stands for, as the name that the server knows it under: never its value. With none, scripts reach every secret of the server; with some, these alone.",
    ),
};

/** The surroundings that a run is given: where its pages are, its variables, and which secrets it may use. */
export const NewEnvironment = z.strictObject(environmentFields).meta({
  examples: [
    {
      name: "staging",
      base_url: "https://staging.shop.example",
      variables: { GREETING: "Welcome" },
      secrets: { PASSWORD: "STAGING_PASSWORD" },
    },
  ],
});
export type NewEnvironment = z.infer<typeof NewEnvironment>;
