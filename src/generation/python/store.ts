import { find, findAll } from "./elements.js";
import type { Renderers } from "./renderers.js";
import { literal, quoted } from "./text.js";

export const store: Renderers<"store"> = {
  set_variable: ({ variable, value }) => keep(variable, literal(value)),
  store_text: (command) => keep(command.variable, `${find(command)}.text`),
  store_value: (command) => keep(command.variable, `${find(command)}.get_property("value")`),
  store_attribute: (command) =>
    keep(command.variable, `${find(command)}.get_dom_attribute(${literal(command.attribute)})`),
  store_count: (command) => keep(command.variable, `str(len(${findAll(command)}))`),
  store_title: ({ variable }) => keep(variable, "driver.title"),
  store_url: ({ variable }) => keep(variable, "driver.current_url"),
};

function keep(variable: string, value: string): string[] {
  return [`variables[${quoted(variable)}] = ${value}`];
}
