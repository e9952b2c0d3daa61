import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";
import { oneSession } from "../../support/one-session.js";
import { ROADS } from "../../support/real-browser.js";
import { startTinySite, type TinyPage, type TinySite } from "../../support/tiny-site.js";

const SECRET = "Qz7kWmXp9dTf";
const DIGITS = "4556123498761234";
const SPLIT = "Qz7k</b><i></i><b>WmXp</b><wbr><b>9dTf";

const { takePicture } = pictureTakers();
const strict = pictureTakers({ blackenUnknown: true });

const drawing = (text: string) =>
  `<svg xmlns='http://www.w3.org/2000/svg' width='260' height='40'><text x='5' y='28' font-size='24'>${text}</text></svg>`;
const asData = (svg: string) => `data:image/svg+xml,${encodeURIComponent(svg)}`;

/** Bodies of pages with an element `.place` that shows the secret, or several. */
const PLACES: Record<string, string> = {
  "a text": `<span class=place>${SECRET}</span>`,
  "a text in capitals": `<span class=place>${SECRET.toUpperCase()}</span>`,
  "a text that a style turns into capitals": `<span class=place style="text-transform: uppercase">${SECRET}</span>`,
  "a text of parts": `<span class=place><b>${SPLIT}</b></span>`,
  "a text with soft hyphens": `<span class=place>${Array.from(SECRET).join("&shy;")}</span>`,
  "a text with zero-width joints": `<span class=place>${Array.from(SECRET).join("&#8205;&#8203;")}</span>`,
  "a text with accents": `<span class=place>${SECRET.replace("d", "d\u0301")}</span>`,
  "a text of full-width letters": `<span class=place>${SECRET.replace(/[ -~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))}</span>`,
  "a text in groups": `<span class=place>4556 1234 9876 1234</span>`,
  "a text in groups with dashes": `<span class=place>4556-1234-9876-1234</span>`,
  "a text from right to left": `<span class=place><bdo dir=rtl>${Array.from(SECRET).reverse().join("")}</bdo></span>`,
  "a selected text": `<span class=place>${SECRET}</span><script>getSelection().selectAllChildren(document.querySelector(".place"))</script>`,
  "a text with a shadow": `<span class=place style="text-shadow: 2px 2px red">${SECRET}</span>`,
  "a text in a shadow root": `<div id=host></div><script>host.attachShadow({ mode: "open" }).innerHTML = "<span class=place>${SECRET}</span>"</script>`,
  "letters that are an element each": `<span class=place>${Array.from(SECRET)
    .map((letter) => `<x-l>${letter}</x-l>`)
    .join("")}</span>
    <script>for (const l of document.querySelectorAll("x-l")) l.attachShadow({ mode: "open" }).innerHTML = "<b>" + l.textContent + "</b>"</script>`,
  "a slot": `<div id=host>${SECRET}</div><script>host.attachShadow({ mode: "open" }).innerHTML = "<span class=place><slot></slot></span>"</script>`,
  "a text over two lines": `<p style="width: 90px; word-break: break-all"><span class=place>${SECRET}</span></p>`,
  "a turned text": `<p style="padding: 60px"><span class=place style="display: inline-block; rotate: 30deg">${SECRET}</span></p>`,
  "a text with a large first letter": `<style>.place::first-letter { color: red; text-shadow: none }</style><p><span class=place style="display: inline-block">${SECRET}</span></p>`,
  "a text with a style of the page's that insists": `<style>.place { color: red !important; opacity: 1 !important } html::after { content: none !important }</style><span class=place>${SECRET}</span>`,
  "a field with a style of the page's that insists": `<style>.place { opacity: 1 !important; animation: a 1s infinite } @keyframes a { to { opacity: 1 } }</style><input class=place value="${SECRET}">`,
  "a text in a dialog": `<dialog><span class=place>${SECRET}</span></dialog><script>document.querySelector("dialog").showModal()</script>`,
  "an editable region": `<p contenteditable><span class=place>${SECRET}</span></p>`,
  "a formula": `<math><mi class=place>${SECRET}</mi></math>`,
  "a text that is a fragment": `<p class=outer><style>.outer::target-text { color: red }</style><span class=place>${SECRET}</span></p>
    <script>location.hash = ":~:text=${SECRET}"</script>`,
  "a field": `<input class=place value="${SECRET}">`,
  "a field with capitals": `<input class=place value="${SECRET}" style="text-transform: uppercase">`,
  "a field of groups": `<input class=place value="4556 1234 9876 1234">`,
  "a row of fields": `<input class=place size=4 value=4556>-<input class=place size=4 value=1234>
    <input class=place size=4 value=9876><input class=place size=4 value=1234>`,
  "a row of fields with labels": ["4556", "1234", "9876", "1234"]
    .map((part, index) => `<label>Part ${index + 1}<input class=place size=4 value=${part}></label>`)
    .join(""),
  "a field a character": Array.from(SECRET)
    .map((letter) => `<input class=place size=1 value="${letter}">`)
    .join(""),
  "a text area": `<textarea class=place>${SECRET}</textarea>`,
  "a button": `<input type=button class=place value="${SECRET}">`,
  "a placeholder": `<input class=place placeholder="${SECRET}">`,
  "the alt of a broken image": `<img class=place alt="${SECRET}" src="/missing.png" width=200 height=40>`,
  "the alt of a broken image button": `<input type=image class=place alt="${SECRET}" src="/missing.png">`,
  "generated content before": `<style>.place::before { content: "${SECRET}" }</style><p class=place></p>`,
  "generated content after": `<style>.place::after { content: "${SECRET}" }</style><p class=place></p>`,
  "generated content in parts": `<style>.place::before { content: "Qz7k" "WmXp"; } .place::after { content: "9dTf" }</style><p class=place></p>`,
  "content of an attribute": `<style>.place::before { content: attr(data-text) }</style><p class=place data-text="${SECRET}"></p>`,
  "content of a custom property": `<style>.place::before { content: var(--text) }</style><p class=place style='--text: "${SECRET}"'></p>`,
  "escaped content": `<style>.place::before { content: "${Array.from(SECRET)
    .map((c) => `\\00${c.charCodeAt(0).toString(16)}`)
    .join("")}" }</style><p class=place></p>`,
  quotes: `<q class=place style='quotes: "${SECRET}" "x"'></q>`,
  "a counter": `<style>.place::before { counter-set: n 12349876; content: counter(n) }</style><p class=place></p>`,
  "a counter style": `<style>@counter-style s { system: cyclic; symbols: "${SECRET}"; suffix: "" } .place::before { content: counter(n, s) }</style><p class=place></p>`,
  "a list marker": `<style>.place::marker { content: "${SECRET}" }</style><ul><li class=place style="list-style-position: inside">x</ul>`,
  "a list style": `<ul><li class=place style='list-style: "${SECRET}" inside'>x</ul>`,
  "a list number": `<ol start=12349876><li class=place style="list-style-position: inside">x</ol>`,
  "an option": `<select class=place><option>${SECRET}</select>`,
  "the label of an option": `<select class=place><option label="${SECRET}">x</select>`,
  "the label of a group": `<select class=place size=4><optgroup label="${SECRET}"><option>x</optgroup></select>`,
  "a drawing": `<svg width=260 height=40><text class=place x=5 y=28 font-size=24>${SECRET}</text></svg>`,
  "a drawing that is used": `<svg width=0 height=0><symbol id=s><text y=28>${SECRET}</text></symbol></svg>
    <svg width=260 height=40><use class=place href="#s"/></svg>`,
  "an image in a drawing": `<svg width=260 height=40><image class=place width=260 height=40 href="${asData(drawing(SECRET))}"/></svg>`,
  "a drawing as an image": `<img class=place src="${asData(drawing(SECRET))}">`,
  "a drawing in base64": `<img class=place src="data:image/svg+xml;base64,${btoa(drawing(SECRET))}">`,
  "a drawing of tspans": `<img class=place src="${asData(drawing("<tspan>Qz7kWm</tspan><tspan>Xp9dTf</tspan>"))}">`,
  "a drawing of the server": `<img class=place src="/drawing.svg">`,
  "a drawing of the server that is not kept": `<img class=place src="/secret.svg">`,
  "an image of an address": `<img class=place src="/picture?text=${SECRET}" width=200 height=40>`,
  "a background": `<p class=place style="width: 260px; height: 40px; background-image: url(${asData(drawing(SECRET)).replaceAll("'", "%27")})"></p>`,
  "letters that cut out a background": `<span class=place style="background: linear-gradient(red, blue); background-clip: text; color: transparent">${SECRET}</span>`,
  "a mask": `<svg width=0 height=0><mask id=m><text y=28 fill=white>${SECRET}</text></mask></svg>
    <p class=place style="width: 260px; height: 40px; background: red; mask: url(#m)"></p>`,
  "a frame": `<iframe srcdoc="<span class=place style='font: 24px monospace'>${SECRET}</span>" width=260 height=60></iframe>`,
  "a frame of another origin": `<iframe class=place src="OTHER/frame" width=200 height=60></iframe>`,
  "an object": `<object class=place data="OTHER/frame" width=200 height=60></object>`,
  "an embed": `<embed class=place src="OTHER/frame" width=200 height=60>`,
  "an element without a box": `<p class=outer><span style="display: contents; text-shadow: 1px 1px red">${SECRET}</span></p>`,
  "a captioned video": `<video class=place width=200 height=80 muted autoplay></video><script>
    const canvas = Object.assign(document.createElement("canvas"), { width: 200, height: 80 });
    const video = document.querySelector("video"), pen = canvas.getContext("2d");
    setInterval(() => { pen.fillStyle = "blue"; pen.fillRect(0, 0, 200, 80); }, 20);
    const cues = video.addTextTrack("captions"); cues.mode = "showing";
    cues.addCue(new VTTCue(0, 60, "${SECRET}"));
    cues.oncuechange = () => document.body.dataset.shown = "yes";
    video.srcObject = canvas.captureStream(30);</script>`,
};

/** The same for what may be blackened when nobody can tell what it shows. */
const UNKNOWN: Record<string, string> = {
  "a canvas": `<canvas class=place width=260 height=40></canvas><script>
    const pen = document.querySelector("canvas").getContext("2d"); pen.font = "24px sans-serif"; pen.fillText("${SECRET}", 5, 28)</script>`,
  "a closed shadow root": `<div class=place></div><script>
    document.querySelector(".place").attachShadow({ mode: "closed" }).innerHTML = "<p>${SECRET}</p>"</script>`,
  "an element of the page's own": `<x-secret class=place style="display: block">x</x-secret><script>
    document.querySelector(".place").attachShadow({ mode: "closed" }).innerHTML = "<p>${SECRET} <slot></slot></p>"</script>`,
};

/** The script that blackens is the same over every road: over classic WebDriver, those where the driver's part counts. */
const OVER_CLASSIC =
  /^(?:a text|a text of parts|a text in a shadow root|a row of fields|a field a character|generated content after|an option|a drawing of the server.*|a frame.*|an object|an embed|a captioned video)$/;

let site: TinySite;
const requests: string[] = [];
beforeAll(async () => {
  const svg =
    (text: string, cache: string): TinyPage =>
    (_query, response) => {
      response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": cache }).end(drawing(text));
      return undefined;
    };
  const bodies = { ...PLACES, ...UNKNOWN };
  site = await startTinySite({
    "/place": (query) => `<!doctype html><style>body { font: 24px monospace; margin: 20px }
      input { font: inherit } .outer, p { margin: 4px }</style>
      ${(bodies[query.get("name") ?? ""] ?? "").replaceAll("OTHER", site.otherUrl)}`,
    "/plain": () =>
      `<!doctype html><h1 class=place>Nothing to hide</h1><img class=place src="/harmless.svg">`,
    "/frame": () => `<p style="font: 24px monospace">${SECRET}`,
    "/drawing.svg": svg(SECRET, "max-age=60"),
    "/harmless.svg": svg("harmless", "max-age=60"),
    "/secret.svg": (query, response) => {
      requests.push("/secret.svg");
      return svg(SECRET, "no-store")(query, response);
    },
    "/picture": svg(SECRET, "no-store"),
  });
});
afterAll(() => site.close());

/** Looks at the part of a picture that shows the places: how bright the brightest and the darkest of their pixels are. */
const LOOK = `async (picture) => {
  const image = new Image();
  image.src = picture;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const found = [...document.querySelectorAll(".place, .outer span")];
  for (const { shadowRoot } of document.querySelectorAll("*")) if (shadowRoot) found.push(...shadowRoot.querySelectorAll(".place"));
  for (const { contentDocument } of document.querySelectorAll("iframe"))
    if (contentDocument) found.push(...contentDocument.querySelectorAll(".place"));
  const levels = [];
  for (const element of found) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const own = [...element.getClientRects()];
    const frame = element.ownerDocument.defaultView.frameElement?.getBoundingClientRect() ?? { x: -2, y: -2 };
    for (const box of own.length ? own : range.getClientRects()) {
      if (box.width < 6 || box.height < 6) continue;
      const { data } = pen.getImageData(box.x + frame.x + 4, box.y + frame.y + 4, box.width - 4, box.height - 4);
      for (let at = 0; at < data.length; at += 4) levels.push((data[at] + data[at + 1] + data[at + 2]) / 3);
    }
  }
  levels.sort((a, b) => a - b);
  return JSON.stringify({ pixels: levels.length, darkest: levels[0], brightest: levels.at(-1), median: levels[levels.length >> 1] });
}`;

interface Seen {
  pixels: number;
  darkest: number;
  brightest: number;
  median: number;
}

describe.each(ROADS)("over %s", (road) => {
  const session = oneSession(road);
  let signal: AbortSignal;

  beforeEach(() => {
    signal = AbortSignal.timeout(55_000);
  });
  afterEach(() => session.page.leaveFrame("top", signal));

  const open = async (path: string) => {
    await session.page.navigate(`${site.url}${path}`, signal);
    await expect.poll(() => session.page.call(`() => document.readyState`, "", signal)).toBe("complete");
  };

  async function seen(secrets: string[], take = takePicture): Promise<Seen> {
    const before = await session.page.source(signal);
    const picture = Buffer.from(await take(session.page, secrets, signal));
    expect(await session.page.source(signal)).toBe(before);
    const type = picture[0] === 0x89 ? "png" : "jpeg";
    const data = `data:image/${type};base64,${picture.toString("base64")}`;
    return JSON.parse(await session.page.call(LOOK, data, signal)) as Seen;
  }

  const SECRETS = [SECRET, DIGITS, "12349876"];
  const BLACK = 70;

  const places = Object.keys(PLACES).filter((name) => road !== "classic" || OVER_CLASSIC.test(name));
  test.each(places)("%s is black while a secret may be seen, and as it is otherwise", async (name) => {
    await open(`/place?name=${encodeURIComponent(name)}`);
    if (name.includes("video")) {
      const isShown = `() => document.body.dataset.shown ?? ""`;
      await expect.poll(() => session.page.call(isShown, "", signal)).toBe("yes");
    }
    const { pixels, brightest } = await seen(SECRETS);
    expect(pixels).toBeGreaterThan(50);
    expect(brightest).toBeLessThan(BLACK);
    expect((await seen([])).brightest).toBeGreaterThan(BLACK);
  });

  test.each(Object.keys(UNKNOWN))("%s is black where that is asked for", async (name) => {
    await open(`/place?name=${encodeURIComponent(name)}`);
    expect((await seen(SECRETS)).brightest).toBeGreaterThan(BLACK);
    expect((await seen(SECRETS, strict.takePicture)).brightest).toBeLessThan(BLACK);
  });

  test("a drawing that is not kept is looked for without a request, a failure or a message of the page's", async () => {
    await open(`/place?name=${encodeURIComponent("a drawing of the server that is not kept")}`);
    const before = requests.length;
    await seen(SECRETS);
    expect(requests.length).toBe(before);
    const { failedRequests, console } = session.page.records;
    expect(JSON.stringify([failedRequests, console])).not.toContain("secret.svg");
  });

  test("what shows no secret stays as it is", async () => {
    await open("/plain");
    expect(await seen(SECRETS)).toEqual(await seen([]));
  });
});
