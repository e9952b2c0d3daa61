import type { Renderers } from "./renderers.js";
import { comment } from "./text.js";

export const appearance: Renderers<"appearance"> = {
  verify_screenshot: ({ name }) => [
    comment(`Compares a picture with the baseline ${name}; Selenium has no command for it.`),
  ],
  verify_accessible: ({ tags, rules, impact = "minor" }) => [
    comment(
      `Checks accessibility with axe-core (${(rules ?? tags ?? ["all rules"]).join(", ")}; impact ${impact} or worse); Selenium has no command for it.`,
    ),
  ],
};
