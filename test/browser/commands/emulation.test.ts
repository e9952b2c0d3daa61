import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** A page that tells what it finds around it as its first script runs, and what its buttons come to. */
const PAGE = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Surroundings</title>
<style>@media (prefers-color-scheme: dark) { body { background: black; color: white } }</style>
<p id="seen"></p>
<button id="where">Where am I?</button> <button id="notify">Notify me</button> <button id="load">Load</button>
<button id="tap">Tap</button> <a href="/" id="popup" target="_blank">Open</a>
<p id="came"></p>
<script>
  const media = (query) => query + "=" + matchMedia("(" + query + ")").matches;
  seen.textContent = [
    navigator.language, new Date(Date.UTC(2026, 0, 1)).getHours() + "h", (1234.5).toLocaleString(),
    media("prefers-color-scheme: dark"), media("prefers-reduced-motion: reduce"),
    innerWidth + "x" + innerHeight + "@" + devicePixelRatio, navigator.userAgent,
  ].join("; ");
  const tell = (text) => { came.textContent += text + "; "; };
  where.onclick = () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => tell("at " + coords.latitude + "," + coords.longitude + "," + coords.accuracy),
    ({ message }) => tell("no place: " + message));
  notify.onclick = () => Notification.requestPermission().then((answer) => tell("notifications " + answer));
  load.onclick = () => fetch("/data").then((answer) => answer.text()).then(tell, () => tell("not loaded"));
  for (const type of ["touchstart", "mousemove", "click"])
    tap.addEventListener(type, (event) => tell(type + (event.pointerType ? " by " + event.pointerType : "")));
</script>`;

describe.each(ROADS.filter((road) => road !== "firefox"))("device, place and language over %s", (road) => {
  const { run, pass, fail } = browsing(road);
  let site: TinySite;
  beforeAll(async () => {
    site = await startTinySite({
      "/": () => PAGE,
      "/around": () => `<!doctype html><iframe src="${site.otherUrl}/" width="600" height="400"></iframe>`,
      "/data": () => "data came",
    });
  });
  afterAll(async () => {
    await site.close();
  });
  const open = (path = "/"): Command => ({ action: "navigate", url: site.url + path });
  const enter: Command = { action: "switch_frame", ...by("tag", "iframe") };

  test("a page that asks where the browser is gets the place that was set", async () => {
    await pass(
      { action: "set_geolocation", latitude: 47.3769, longitude: 8.5417 },
      open(),
      click("where"),
      shows("came", "at 47.3769,8.5417,10"),
      { action: "set_geolocation", latitude: -33.9, longitude: 151.2, accuracy: 50 },
      click("where"),
      shows("came", "at -33.9,151.2,50"),
    );
  });

  test("a permission that was refused stays so, and one that was given is", async () => {
    await pass(
      { action: "set_permission", permission: "geolocation", state: "denied" },
      { action: "set_permission", permission: "notifications", state: "granted" },
      { action: "set_geolocation", latitude: 1, longitude: 2 },
      open(),
      click("where"),
      shows("came", "no place: User denied Geolocation"),
      click("notify"),
      shows("came", "notifications granted"),
    );
  });

  test("language, time zone, media and user agent are there before the first script, in every window", async () => {
    const all = /^de-CH; 9h; 1.234[.,]5; .*dark=true; .*reduce=true; .*; Robot 1$/.source;
    await pass(
      { action: "set_locale", locale: "de-CH" },
      { action: "set_time_zone", time_zone: "Asia/Tokyo" },
      { action: "set_media", color_scheme: "dark" },
      { action: "set_media", reduced_motion: "reduce" },
      { action: "set_user_agent", user_agent: "Robot 1" },
      open(),
      { action: "verify_text", ...by("id", "seen"), expected_text: all, match: "regex" },
      {
        action: "verify_css",
        ...by("tag", "body"),
        property: "background-color",
        expected_value: "rgb(0, 0, 0)",
      },
      { action: "new_window", url: site.url },
      { action: "verify_text", ...by("id", "seen"), expected_text: all, match: "regex" },
    );
  });

  test("what cannot be is refused with the reason", async () => {
    const { outcome } = await run([
      { action: "set_variable", variable: "zone", value: "Mars/Olympus" },
      { action: "set_time_zone", time_zone: "${zone}" },
    ]);
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("must be a name of the IANA time zone database") as string,
    });
  });

  test("without a network nothing loads, and with it everything does again", async () => {
    await pass(
      open(),
      click("load"),
      shows("came", "data came"),
      { action: "set_network", offline: true },
      click("load"),
      shows("came", "not loaded"),
      { action: "set_network" },
      click("load"),
      { ...shows("came", "data came.*not loaded.*data came"), match: "regex" } as Command,
    );
  });

  test("a slow network keeps an answer back", async () => {
    const message = await fail(open(), { action: "set_network", latency: 30 }, click("load"), {
      ...shows("came", "data came"),
      timeout: 0.5,
    } as Command);
    expect(message).toContain("is empty");
  });

  describe.runIf(road === "cdp")("with DevTools of their own for every target", () => {
    test("frames of other sites and windows that a page opens have it all, before their scripts run", async () => {
      await pass(
        { action: "set_locale", locale: "de-CH" },
        { action: "set_time_zone", time_zone: "Asia/Tokyo" },
        { action: "set_user_agent", user_agent: "Robot 1" },
        { action: "set_geolocation", latitude: 1, longitude: 2 },
        open("/around"),
        enter,
        { action: "verify_text", ...by("id", "seen"), expected_text: "^de-CH; 9h.*Robot 1$", match: "regex" },
        click("popup"),
        { action: "switch_window", last: true },
        { action: "verify_text", ...by("id", "seen"), expected_text: "^de-CH; 9h.*Robot 1$", match: "regex" },
        click("where"),
        shows("came", "at 1,2,10"),
      );
    });

    test("on a phone a click is a tap, and no mouse is ever seen", async () => {
      await pass(
        { action: "set_device", width: 390, height: 844, scale: 3, user_agent: "Phone Mobile" },
        open(),
        shows("seen", "390x844@3; Phone Mobile"),
        click("tap"),
        { ...shows("came", "^touchstart; (mousemove; )?click by touch;$"), match: "regex" } as Command,
        click("popup"),
        { action: "switch_window", last: true },
        shows("seen", "390x844@3; Phone Mobile"),
        { action: "set_device", width: 1000, height: 700, mobile: false },
        { action: "refresh" },
        shows("seen", "1000x700@1"),
        click("tap"),
        shows("came", "click by mouse"),
      );
    });
  });

  test.runIf(road === "classic")("a finger needs DevTools, and the message says so", async () => {
    const { outcome } = await run([{ action: "set_device", width: 390, height: 844 }]);
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringMatching(/BROWSER_PROTOCOL=cdp; or set 'touch' to false/) as string,
    });
    await pass(
      { action: "set_device", width: 390, height: 844, scale: 2, touch: false },
      open(),
      shows("seen", "390x844@2"),
    );
  });
});
