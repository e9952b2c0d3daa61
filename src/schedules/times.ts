import { Cron } from "croner";
import { Clocks } from "./time-zone.js";

/** Five fields of numbers, names, lists, ranges and steps, as in a crontab, and the two that `L` and `#` are in. */
const FIVE_FIELDS = /^[\w*,/#-]+(?: [\w*,/#-]+){4}$/;

/** An offset such as `+02:00`, which is no name and knows no summer time. */
const OFFSET = /^[+-]/;

/** Time around a moment in which changed clocks matter, in milliseconds: they change by two hours at most. */
const CHANGE_MS = 3 * 3_600_000;

/**
 * Finds out what is wrong with a cron expression.
 *
 * @returns the reason with the remedy; undefined for five fields whose time ever comes
 */
export function cronFault(expression: string): string | undefined {
  if (!FIVE_FIELDS.test(expression)) {
    return "must be five fields with a space between: minute, hour, day, month, weekday, such as '30 6 * * 1-5'";
  }
  try {
    const isEver = nextTime(expression, "UTC", new Date()) !== null;
    return isEver ? undefined : "names a day that never comes";
  } catch (error) {
    return `is not valid: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @returns why a text is no IANA name of a time zone, with the remedy; undefined where it is one */
export function timeZoneFault(name: string): string | undefined {
  const fault = "is no time zone; use a name of the IANA database, such as 'Europe/Berlin' or 'UTC'";
  if (OFFSET.test(name)) return fault;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return undefined;
  } catch {
    return fault;
  }
}

/**
 * The first time of a cron expression after a moment. Where clocks are changed it does as cron of Debian does: a time that is
 * left out comes as much later as they are put forward, and of one that comes twice the first counts, unless the hours begin
 * with `*`, by which an expression goes on by the time that passes
 * ([source](https://manpages.debian.org/bookworm/cron/cron.8.en.html#DAYLIGHT_SAVING_TIME_AND_OTHER_TIME_CHANGES)).
 *
 * @returns null when there is none
 * @throws Error when the expression or the time zone is not valid
 */
export function nextTime(expression: string, timeZone: string, after: Date): Date | null {
  // Only what clocks show is compared with the expression, for which UTC will do.
  const cron = new Cron(expression, { timezone: "UTC" });
  const clocks = new Clocks(timeZone);
  const isByHour = expression.split(" ")[1]?.startsWith("*") ?? false;
  const momentsOf = (shown: number): number[] => {
    const moments = clocks.momentsOf(shown);
    if (isByHour) return moments;
    return moments.length === 0 ? [clocks.momentAfterGap(shown)] : moments.slice(0, 1);
  };
  const start = after.getTime();
  const isChanged = clocks.offsetAt(start - CHANGE_MS) !== clocks.offsetAt(start + CHANGE_MS);
  let shown = cron.nextRun(new Date(start + clocks.offsetAt(start) - (isChanged ? CHANGE_MS : 0)));
  let next = Infinity;
  for (; shown !== null; shown = cron.nextRun(shown)) {
    const moments = momentsOf(shown.getTime());
    if (Number(moments[0]) >= next) break;
    next = Math.min(next, ...moments.filter((moment) => moment > start));
  }
  return next === Infinity ? null : new Date(next);
}
