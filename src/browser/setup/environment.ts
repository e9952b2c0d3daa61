/** The environment of a browser and its driver: the variables that they need, and nothing else of the server's. */

/** Names, in upper case; a `*` at the end stands for anything. */
const NEEDED = [
  // Programs, people and languages
  ...[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "LC_*",
    "LOCALE_ARCHIVE",
    "TZ",
    "TZDIR",
  ],
  // Temporary files
  ...["TMPDIR", "TMP", "TEMP"],
  // The display, the sound and the desktop
  ...["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XAUTHORITY", "XDG_*", "DBUS_SESSION_BUS_ADDRESS"],
  ...["DESKTOP_SESSION", "GDK_*", "GTK_*", "PULSE_*"],
  // Drawing
  ...["FONTCONFIG_*", "LIBGL_*", "MESA_*", "VK_*", "__EGL_*", "__GLX_*", "DRI_PRIME"],
  // Libraries, certificates and the sandbox
  ...["LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "NIX_SSL_CERT_FILE", "CHROME_DEVEL_SANDBOX"],
  // macOS
  ...["__CF_USER_TEXT_ENCODING", "__CFBUNDLEIDENTIFIER", "XPC_FLAGS", "XPC_SERVICE_NAME"],
  // Windows: https://learn.microsoft.com/windows/deployment/usmt/usmt-recognized-environment-variables
  ...["ALLUSERSPROFILE", "APPDATA", "COMMONPROGRAM*", "COMPUTERNAME", "COMSPEC", "HOMEDRIVE", "HOMEPATH"],
  ...["LOCALAPPDATA", "NUMBER_OF_PROCESSORS", "OS", "PATHEXT", "PROCESSOR_*", "PROGRAMDATA", "PROGRAMFILES*"],
  ...["PROGRAMW6432", "PUBLIC", "SESSIONNAME", "SYSTEMDRIVE", "SYSTEMROOT", "USERDOMAIN*", "USERNAME"],
  ...["USERPROFILE", "WINDIR"],
];

const EXACT = new Set(NEEDED.filter((name) => !name.endsWith("*")));
const BEGINNINGS = NEEDED.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));

export interface BrowserEnvironmentOptions {
  /** The profile's folder. Dumps of a crash, which hold what was in memory, go with it. */
  folder: string;
  /** Names of further variables. */
  more?: readonly string[] | undefined;
}

/** Variables of this process, or of another. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The part of an environment that a browser and its driver need to run.
 *
 * Proxies are no part of it: the addresses of proxies hold passwords.
 *
 * @param more names of further variables
 */
export function neededOf(own: Environment, more: readonly string[] = []): Record<string, string> {
  const named = new Set(more);
  const given = Object.entries(own).flatMap(([name, value]) =>
    value !== undefined && (isNeeded(name) || named.has(name)) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(given);
}

/** The environment that a browser and its driver get for a session. */
export function browserEnvironment(
  own: Environment,
  { folder, more }: BrowserEnvironmentOptions,
): Record<string, string> {
  return {
    ...neededOf(own, more),
    // Chromium on Linux: components/crash/core/app, GetCrashDumpLocation; it is the user's own folder otherwise.
    BREAKPAD_DUMP_LOCATION: folder,
    // https://firefox-source-docs.mozilla.org/toolkit/crashreporter/crashreporter/index.html
    MOZ_CRASHREPORTER_DISABLE: "1",
    MOZ_CRASHREPORTER_NO_REPORT: "1",
  };
}

function isNeeded(name: string): boolean {
  // Windows writes its names in any case.
  const known = name.toUpperCase();
  return EXACT.has(known) || BEGINNINGS.some((beginning) => known.startsWith(beginning));
}
