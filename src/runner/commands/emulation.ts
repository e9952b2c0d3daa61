import type { Action, COMMAND_GROUPS, CommandOf } from "../../protocol/commands.js";
import type { CommandContext, Executor } from "../executor.js";
import type { EmulationChange } from "../ports.js";

/** Metres. */
const USUAL_ACCURACY = 10;

export const set_permission = emulating<"set_permission">(
  ({ permission, state }) => `Set the permission '${permission}' to ${state}`,
  ({ permission: name, state }, { memory }) => {
    (memory.permissions ??= new Set()).add(name);
    return [{ what: "permission", name, state }];
  },
);

export const set_geolocation = emulating<"set_geolocation">(
  ({ latitude, longitude }) => `Put the browser at ${latitude}, ${longitude}`,
  ({ latitude, longitude, accuracy = USUAL_ACCURACY }, { memory }) => {
    const isSaid = memory.permissions?.has("geolocation") === true;
    const grant: EmulationChange = { what: "permission", name: "geolocation", state: "granted" };
    return [{ what: "geolocation", latitude, longitude, accuracy }, ...(isSaid ? [] : [grant])];
  },
);

export const set_device = emulating<"set_device">(
  ({ width, height }) => `Make the browser a device of ${width} × ${height}`,
  ({ width, height, scale = 1, mobile = true, touch = mobile, user_agent: userAgent }) => [
    { what: "device", width, height, scale, isMobile: mobile, hasTouch: touch },
    ...(userAgent === undefined ? [] : [{ what: "user-agent", userAgent } as const]),
  ],
);

export const set_locale = emulating<"set_locale">(
  ({ locale }) => `Set the language to ${locale}`,
  ({ locale }) => [{ what: "locale", locale }],
);

export const set_time_zone = emulating<"set_time_zone">(
  ({ time_zone }) => `Set the time zone to ${time_zone}`,
  ({ time_zone: timeZone }) => [{ what: "time-zone", timeZone }],
);

export const set_user_agent = emulating<"set_user_agent">(
  ({ user_agent }) => `Have the browser call itself '${user_agent}'`,
  ({ user_agent: userAgent }) => [{ what: "user-agent", userAgent }],
);

export const set_media = emulating<"set_media">(
  (command) =>
    `Set ${Object.entries(mediaOf(command))
      .map(([name, value]) => `${name}: ${value}`)
      .join(", ")}`,
  (command) => {
    const { medium: type, ...features } = mediaOf(command);
    return [{ what: "media", type: type as "screen" | "print" | undefined, features }]; // The schema's values.
  },
);

export const set_network = emulating<"set_network">(
  ({ offline, latency, download, upload }) => {
    if (offline === true) return "Take the network away";
    const isSlow = [latency, download, upload].some((limit) => limit !== undefined);
    return isSlow ? "Slow the network down" : "Give the network back";
  },
  ({ offline = false, latency = 0, download, upload }) => [
    {
      what: "network",
      network: {
        isOffline: offline,
        latencyMs: latency * 1000,
        download: bytesOf(download),
        upload: bytesOf(upload),
      },
    },
  ],
);

type Emulating = Exclude<keyof (typeof COMMAND_GROUPS)["emulation"] & Action, `${string}_clipboard`>;

function emulating<A extends Emulating>(
  describe: (command: CommandOf<A>) => string,
  changesOf: (command: CommandOf<A>, context: CommandContext) => EmulationChange[],
): Executor<A> {
  return {
    acts: true,
    describe,
    expectation: () => "a browser that can do so",
    atOnce: true,
    async execute(command, context) {
      for (const change of changesOf(command, context))
        await context.page.emulation.apply(change, context.signal);
    },
  };
}

/** The media features of a command by their names, and the medium. */
function mediaOf(command: CommandOf<"set_media">): Record<string, string> {
  const { color_scheme, reduced_motion, contrast, forced_colors, media } = command;
  const all = {
    "prefers-color-scheme": color_scheme,
    "prefers-reduced-motion": reduced_motion,
    "prefers-contrast": contrast,
    "forced-colors": forced_colors,
    medium: media,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Kilobits as bytes, which the browser counts. */
function bytesOf(kilobits: number | undefined): number | undefined {
  return kilobits === undefined ? undefined : (kilobits * 1000) / 8;
}
