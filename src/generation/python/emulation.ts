import type { Renderers } from "./renderers.js";
import { assertion, comment, comparison, literal, quoted } from "./text.js";

export const emulation: Renderers<"emulation"> = {
  set_permission: ({ permission, state }) => [
    devTools(
      "Browser.setPermission",
      `"permission": {"name": ${quoted(permission)}}, "setting": ${quoted(state)}`,
    ),
  ],
  set_geolocation: ({ latitude, longitude, accuracy = 10 }) => [
    devTools("Browser.setPermission", '"permission": {"name": "geolocation"}, "setting": "granted"'),
    devTools(
      "Emulation.setGeolocationOverride",
      `"latitude": ${latitude}, "longitude": ${longitude}, "accuracy": ${accuracy}`,
    ),
  ],
  set_device: ({ width, height, scale = 1, mobile = true, touch = mobile, user_agent }) => [
    devTools(
      "Emulation.setDeviceMetricsOverride",
      `"width": ${width}, "height": ${height}, "deviceScaleFactor": ${scale}, "mobile": ${python(mobile)}`,
    ),
    devTools("Emulation.setTouchEmulationEnabled", `"enabled": ${python(touch)}`),
    ...(user_agent === undefined ? [] : [userAgent(user_agent)]),
    ...(touch ? [comment("A script taps where it clicks; Selenium clicks with a mouse.")] : []),
  ],
  set_locale: ({ locale }) => [devTools("Emulation.setLocaleOverride", `"locale": ${literal(locale)}`)],
  set_time_zone: ({ time_zone }) => [
    devTools("Emulation.setTimezoneOverride", `"timezoneId": ${literal(time_zone)}`),
  ],
  set_user_agent: ({ user_agent }) => [userAgent(user_agent)],
  set_media: ({ color_scheme, reduced_motion, contrast, forced_colors, media = "" }) => {
    const features = Object.entries({
      "prefers-color-scheme": color_scheme,
      "prefers-reduced-motion": reduced_motion,
      "prefers-contrast": contrast,
      "forced-colors": forced_colors,
    }).flatMap(([name, value]) =>
      value === undefined ? [] : [`{"name": ${quoted(name)}, "value": ${quoted(value)}}`],
    );
    return [
      devTools(
        "Emulation.setEmulatedMedia",
        `"media": ${quoted(media)}, "features": [${features.join(", ")}]`,
      ),
    ];
  },
  set_clipboard: ({ text }) => [`clipboard = ${literal(text)}`, NO_CLIPBOARD],
  verify_clipboard: ({ expected_text, match = "equals", not }) => [
    NO_CLIPBOARD,
    assertion(comparison("clipboard", expected_text, match), { not }),
  ],
  store_clipboard: ({ variable }) => [NO_CLIPBOARD, `variables[${quoted(variable)}] = clipboard`],
  set_network: ({ offline = false, latency = 0, download, upload }) => [
    `driver.set_network_conditions(offline=${python(offline)}, latency=${latency * 1000}, download_throughput=${bytes(download)}, upload_throughput=${bytes(upload)})`,
  ],
};

const NO_CLIPBOARD = comment("Selenium does not reach the clipboard; a package such as pyperclip does.");

function devTools(method: string, params: string): string {
  return `driver.execute_cdp_cmd(${quoted(method)}, {${params}})`;
}

function userAgent(value: string): string {
  return devTools("Emulation.setUserAgentOverride", `"userAgent": ${literal(value)}`);
}

function python(value: boolean): string {
  return value ? "True" : "False";
}

function bytes(kilobits: number | undefined): number {
  return kilobits === undefined ? -1 : (kilobits * 1000) / 8;
}
