import { isPath, type CommandOf } from "../../protocol/commands.js";
import { find } from "./elements.js";
import type { Renderers } from "./renderers.js";
import { assertion, comment, comparison, literal, quoted } from "./text.js";

/** A path stands under the address that the environment has. */
function address(url: string): string {
  return isPath(url) ? `base_url + ${literal(url.replace(/^\./, ""))}` : literal(url);
}

export const page: Renderers<"page"> = {
  navigate: ({ url }) => [`driver.get(${address(url)})`],
  back: () => ["driver.back()"],
  forward: () => ["driver.forward()"],
  refresh: () => ["driver.refresh()"],
  set_window_size: ({ width, height }) => [
    comment("Selenium gives the window this size, a script the page in it."),
    `driver.set_window_size(${width}, ${height})`,
  ],
  new_window: ({ url }) => [
    'driver.switch_to.new_window("window")',
    ...(url === undefined ? [] : [`driver.get(${address(url)})`]),
  ],
  switch_window: switchWindow,
  close_window: () => ["driver.close()", "driver.switch_to.window(driver.window_handles[-1])"],
  switch_frame: ({ locator_type, locator_value, index, parent, ...command }) => {
    if (locator_type !== undefined && locator_value !== undefined) {
      return [`driver.switch_to.frame(${find({ ...command, locator_type, locator_value })})`];
    }
    if (index !== undefined) return [`driver.switch_to.frame(${index})`];
    return [`driver.switch_to.${parent === true ? "parent_frame" : "default_content"}()`];
  },
  scroll,
  screenshot: ({ name = "screenshot" }) => [`driver.save_screenshot(${literal(`${name}.png`)})`],
};

export const dialog: Renderers<"dialog"> = {
  handle_dialog: ({ response, prompt_text, expected_message, match = "contains", when }) => [
    ...(when === "next"
      ? [comment("Answers the next dialog as it opens; Selenium can only answer an open one.")]
      : []),
    "dialog = driver.switch_to.alert",
    ...(expected_message === undefined
      ? []
      : [assertion(comparison("dialog.text", expected_message, match), {})]),
    ...(prompt_text === undefined ? [] : [`dialog.send_keys(${literal(prompt_text)})`]),
    `dialog.${response}()`,
  ],
};

export const debug: Renderers<"debug"> = {
  log: ({ message }) => [`print(${literal(message)})`],
  not_understood: ({ text, reason }) => [
    comment(`Not understood: ${text}. ${reason}`),
    `raise NotImplementedError(${literal(text)})`,
  ],
  pause: ({ message = "" }) => [comment(`Pauses until someone lets the run go on. ${message}`)],
};

function switchWindow(command: CommandOf<"switch_window">): string[] {
  const { title, url, name, index, match = "contains" } = command;
  if (name !== undefined) return [`driver.switch_to.window(${literal(name)})`];
  if (title === undefined && url === undefined) {
    return [`driver.switch_to.window(driver.window_handles[${index ?? -1}])`];
  }
  const condition =
    title === undefined
      ? comparison("driver.current_url", url ?? "", match)
      : comparison("driver.title", title, match);
  return [
    "for handle in driver.window_handles:",
    "    driver.switch_to.window(handle)",
    `    if ${condition}:`,
    "        break",
  ];
}

function scroll({ locator_type, locator_value, by_x, by_y, to, ...command }: CommandOf<"scroll">): string[] {
  const element =
    locator_type === undefined || locator_value === undefined
      ? undefined
      : find({ ...command, locator_type, locator_value });
  if (to !== undefined) {
    const place = element ?? `driver.find_element(By.TAG_NAME, ${quoted("html")})`;
    return [`${place}.send_keys(Keys.${to === "top" ? "HOME" : "END"})`];
  }
  if (by_x === undefined && by_y === undefined) {
    return [`ActionChains(driver).scroll_to_element(${element ?? ""}).perform()`];
  }
  const distance = `${by_x ?? 0}, ${by_y ?? 0}`;
  return element === undefined
    ? [`ActionChains(driver).scroll_by_amount(${distance}).perform()`]
    : [
        `origin = ScrollOrigin.from_element(${element})`,
        `ActionChains(driver).scroll_from_origin(origin, ${distance}).perform()`,
      ];
}
