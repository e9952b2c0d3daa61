import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cronFault, nextTime, timeZoneFault } from "../../../src/schedules/times.js";

/** Times of an expression in a time zone, one after the other. */
function timesOf(cron: string, timeZone: string, from: string, count: number): string[] {
  const times: string[] = [];
  let at: Date | null = new Date(from);
  while (times.length < count && at !== null) {
    at = nextTime(cron, timeZone, at);
    if (at !== null) times.push(at.toISOString().replace(":00.000Z", "Z"));
  }
  return times;
}

describe("a cron expression", () => {
  test.for([
    ["*/15 * * * *"],
    ["30 6 * * 1-5"],
    ["0 0 1 JAN *"],
    ["0 12 * * MON,THU"],
    ["0 6 L * *"],
    ["0 6 * * 1#2"],
    ["0 0 29 2 *"],
  ])("may be %s", ([cron = ""]) => {
    expect(cronFault(cron)).toBeUndefined();
  });

  test.for([
    ["four fields", "* * * *", "five fields"],
    ["six fields, of which one would be seconds", "0 * * * * *", "five fields"],
    ["a name for all fields", "@daily", "five fields"],
    ["a sign that crontabs do not have", "? * * * *", "five fields"],
    ["several spaces", "*  * * * *", "five fields"],
    ["nothing", "", "five fields"],
    ["a minute that no hour has", "60 * * * *", "is not valid"],
    ["a month that no year has", "0 0 1 13 *", "is not valid"],
    ["a word that is no weekday", "0 0 * * SOON", "is not valid"],
    ["a step of nothing", "*/0 * * * *", "is not valid"],
    ["a day that no month has", "0 0 30 2 *", "never comes"],
  ])("is not %s", ([, cron = "", fault = ""]) => {
    expect(cronFault(cron)).toContain(fault);
  });
});

describe("a time zone", () => {
  test.for([["UTC"], ["Europe/Berlin"], ["America/Argentina/Buenos_Aires"]])("may be %s", ([name = ""]) => {
    expect(timeZoneFault(name)).toBeUndefined();
  });

  test.for([["Berlin"], ["+02:00"], ["-05:00"], [""], ["Europe/Atlantis"]])("is not '%s'", ([name = ""]) => {
    expect(timeZoneFault(name)).toContain("'Europe/Berlin'");
  });
});

describe("the next time", () => {
  test("is one in the time zone, also where its days begin at another hour", () => {
    expect(timesOf("30 6 * * 1-5", "Asia/Kolkata", "2026-11-27T01:00Z", 2)).toEqual([
      "2026-11-30T01:00Z",
      "2026-12-01T01:00Z",
    ]);
  });

  test("is after the moment, never at it", () => {
    expect(timesOf("0 12 * * *", "UTC", "2026-11-30T12:00Z", 1)).toEqual(["2026-12-01T12:00Z"]);
  });

  // https://en.wikipedia.org/wiki/Summer_time_in_Europe: clocks go from 02:00 to 03:00 at 01:00 UTC.
  test("of a time that is left out, when clocks are put forward, comes as much later", () => {
    expect(timesOf("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00Z", 3)).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-29T01:30Z",
      "2026-03-30T00:30Z",
    ]);
  });

  // And from 03:00 back to 02:00, also at 01:00 UTC.
  test("of a time that comes twice, when clocks are put back, comes once", () => {
    expect(timesOf("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 2)).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
    ]);
  });

  test.for<[string, string, string, string[]]>([
    ["put forward", "2026-03-08T05:00Z", "15 * * * *", ["05:15", "06:15", "07:15", "08:15"]],
    ["put back", "2026-11-01T04:00Z", "15 * * * *", ["04:15", "05:15", "06:15", "07:15"]],
    ["put back", "2026-11-01T05:45Z", "*/20 * * * *", ["06:00", "06:20", "06:40", "07:00"]],
  ])(
    "of an expression for every hour goes on by the time that passes, when clocks are %s",
    ([, from, cron, times]) => {
      const found = timesOf(cron, "America/New_York", from, 4);
      expect(found.map((time) => time.slice(11, 16))).toEqual(times);
    },
  );

  // https://en.wikipedia.org/wiki/Lord_Howe_Island: clocks go by half an hour, at 02:00.
  test("is right where clocks are changed by half an hour", () => {
    expect(timesOf("10 2 * * *", "Australia/Lord_Howe", "2026-10-02T00:00Z", 2)).toEqual([
      "2026-10-02T15:40Z",
      "2026-10-03T15:40Z",
    ]);
    expect(timesOf("45 1 * * *", "Australia/Lord_Howe", "2026-04-03T12:00Z", 2)).toEqual([
      "2026-04-03T14:45Z",
      "2026-04-04T14:45Z",
    ]);
  });

  // Its clocks go by two hours, from 01:00 to 03:00 at 01:00 UTC.
  test("is right where clocks are changed by two hours", () => {
    expect(timesOf("30 1 * * *", "Antarctica/Troll", "2026-03-28T00:00Z", 3)).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-29T01:30Z",
      "2026-03-29T23:30Z",
    ]);
  });

  test("is always later than the moment, and the same when it is asked for once more", () => {
    const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];
    const crons = ["*/7 * * * *", "30 2 * * *", "0 * * * *", "0 0 L * *", "15 1,2,3 * * 0"];
    const moments = fc.date({
      min: new Date("2026-01-01"),
      max: new Date("2028-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.constantFrom(...crons), moments, (zone, cron, after) => {
        const next = nextTime(cron, zone, after);
        expect(next?.getTime()).toBeGreaterThan(after.getTime());
        expect(nextTime(cron, zone, new Date((next?.getTime() ?? 0) - 1))).toEqual(next);
      }),
    );
  });
});
