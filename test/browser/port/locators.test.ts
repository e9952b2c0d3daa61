import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { WarmBrowserPool } from "../../../src/browser/pool/pool.js";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { findAndPress } from "../../../src/runner/find-and-act.js";
import { find, InvalidLocator, NotSatisfied } from "../../../src/runner/find.js";
import type { PageLocator, PageTarget } from "../../../src/runner/page/requests.js";
import type { LogEntry } from "../../../src/runner/ports.js";
import { READABLE, UNREADABLE } from "../../support/selectors.js";
import { startSite, type Site } from "../../site/server.js";
import { realPool } from "../../support/real-browser.js";

let site: Site;
let pool: WarmBrowserPool;
let session: BrowserSession;
let log: LogEntry[];

beforeAll(async () => {
  site = await startSite();
  pool = realPool({ size: 1 }).pool;
  await pool.warm();
  session = await pool.acquire(AbortSignal.timeout(20_000));
});

afterAll(async () => {
  await session.close();
  await pool.close();
  await site.close();
});

beforeEach(() => {
  log = [];
});

const signal = AbortSignal.timeout(600_000);
const context = () => ({
  page: session.page,
  signal,
  log: (entry: LogEntry) => log.push(entry),
  variables: { used: [] },
});
const open = (path: string) => session.page.navigate(site.url + path, signal);

/** The id of the element that a locator finds; nothing when it finds none. */
async function idOf(locator: PageLocator): Promise<string | null | undefined> {
  const reading = { what: "attribute", name: "id" } as const;
  try {
    const found = await find({ until: "read", reading, target: { locator }, timeoutMs: 0 }, context());
    return found.value;
  } catch (error) {
    if (error instanceof NotSatisfied && error.message === "there is no such element") return undefined;
    throw error;
  }
}

async function countOf(locator: PageLocator): Promise<number> {
  const { value } = await find(
    { until: "read", reading: { what: "count" }, target: { locator }, timeoutMs: 0 },
    context(),
  );
  return Number(value);
}

const role = (value: string, name?: string, more?: Partial<PageLocator>): PageLocator => ({
  type: "role",
  value,
  ...(name === undefined ? {} : { name }),
  ...more,
});
const by = (type: PageLocator["type"], value: string, more?: Partial<PageLocator>): PageLocator => ({
  type,
  value,
  ...more,
});

type Case = [PageLocator, string | undefined];
const titled = (cases: Case[]) =>
  cases.map(([locator, id]) => [JSON.stringify(locator), id ?? "nothing", locator, id] as const);

describe("on one page", () => {
  beforeAll(() => open("/locators"));

  test.each(
    titled([
      [role("button", "Save"), "save"],
      [role("button", "Save all changes"), "save-all"],
      [role("button", "save ALL", { exact: false }), "save-all"],
      [role("button", "save all changes"), undefined],
      [role("Button", "Export"), "export"],
      [role("button", "Print"), "icon"],
      [role("button", "Close dialog"), "described"],
      [role("button", "Send form"), "send"],
      [role("button", "Submit"), "default-submit"],
      [role("heading", "Account settings"), "heading"],
      [role("link"), "link"],
      [role("link", "Anchor only"), undefined],
      [role("img", "Company logo"), "logo"],
      [role("image", "Company logo"), "logo"],
      [role("presentation"), "decoration"],
      [role("banner"), undefined],
      [role("listitem"), "item"],
      [role("listitem", undefined, { within: by("css", "[role=presentation]") }), undefined],
      [role("switch", "Night mode"), "fallback"],
      [role("progressbar", "Upload"), "progress"],
      [role("gridcell"), "gridcell"],
      [role("cell"), undefined],
      [role("group", "Delivery"), "group"],
      [role("radio", "Express"), "express"],
      [role("textbox", "User name"), "user"],
      [role("combobox", "Country"), "country"],
      [role("textbox", "Price in euro"), "price"],
      [role("searchbox", "Search orders"), "search"],
      [role("option", "France"), null as unknown as undefined],
      [role("button", "Boxless"), "contents"],
    ]),
  )("role %s finds %s", async (_title, _id, locator, id) => {
    expect(await idOf(locator)).toBe(id);
  });

  test.each(
    titled([
      [by("label", "User name"), "user"],
      [by("label", "user", { exact: false }), "user"],
      [by("label", "User"), undefined],
      [by("label", "Country"), "country"],
      [by("label", "Price in euro"), "price"],
      [by("label", "in euro"), "price"],
      [by("label", "Search orders"), "search"],
      [by("label", "Message"), "editor"],
      [by("label", "Second label"), "two"],
      [by("label", "CITY"), "city"],
      [by("label", "City"), "city"],
      [by("label", "Close dialog"), "described"],
      [by("placeholder", "Your name"), "user"],
      [by("placeholder", "order", { exact: false }), "search"],
      [by("placeholder", "your name"), undefined],
      [by("title", "As in your passport"), "user"],
      [by("alt", "Company logo"), "logo"],
      [by("alt", "LOGO", { exact: false }), "logo"],
      [by("test_id", "cart"), "cart"],
      [by("test_id", "ca"), undefined],
    ]),
  )("label, placeholder, title, alt and test id: %s finds %s", async (_title, _id, locator, id) => {
    expect(await idOf(locator)).toBe(id);
  });

  test.each(
    titled([
      [by("text", "12 €"), "amount"],
      [by("text", "Total: 12 € today"), "paragraph"],
      [by("text", "total:", { exact: false }), "paragraph"],
      [by("text", "Only here"), "inner"],
      [by("text", "only HERE", { exact: false }), "inner"],
      [by("text", "Free shipping"), "loud"],
      [by("text", "FREE SHIPPING"), "loud"],
      [by("text", "free shipping"), undefined],
      [by("text", "Twice"), "twice"],
      [by("text", "Twice", { nth: 0 }), "twice-hidden"],
      [by("text", "Apply coupon"), "apply"],
      [by("text", "Only in a script", { exact: false }), undefined],
      [by("text", "Only in a style", { exact: false }), undefined],
      [by("text", "Locators"), null as unknown as undefined],
      [by("text", "Several lines of text"), "broken"],
      [by("text", " Save all  changes"), "save-all"],
    ]),
  )("text %s finds %s", async (_title, _id, locator, id) => {
    expect(await idOf(locator)).toBe(id);
  });

  test("text inside the head, such as the title, is not found", async () => {
    expect(await countOf(by("text", "Locators"))).toBe(1);
  });

  test.each(
    titled([
      [by("css", ".buy"), "buy-lamp"],
      [by("css", ".buy", { nth: 2 }), "buy-table"],
      [by("css", ".buy", { nth: -1 }), "buy-wish"],
      [by("css", ".buy", { nth: -4 }), "buy-lamp"],
      [by("css", ".buy", { nth: 4 }), undefined],
      [by("css", ".buy", { nth: -5 }), undefined],
      [by("css", ".buy", { within: by("id", "wishes") }), "buy-wish"],
      [by("text", "Buy", { within: by("css", ".row", { nth: 1 }) }), "buy-chair"],
      [role("button", "Buy", { within: by("css", ".row", { nth: -1 }) }), "buy-wish"],
      [
        by("class", "buy", { within: by("css", ".row", { nth: 1, within: by("test_id", "cart") }) }),
        "buy-chair",
      ],
      [by("css", ".buy", { within: by("id", "nowhere") }), undefined],
      [by("xpath", "//button", { within: by("id", "wishes") }), "buy-wish"],
      [by("xpath", ".//button", { within: by("id", "wishes") }), "buy-wish"],
      [by("xpath", "(//button[@class='buy'])[2]"), "buy-chair"],
      [by("xpath", "//button[contains(@class,'buy')]", { nth: -1 }), "buy-wish"],
      [by("id", "cart", { within: by("id", "cart") }), undefined],
      [by("class", "buy primary"), "buy-wish"],
      [by("tag", "IMG"), "logo"],
      [by("name", "delivery"), "express"],
      [by("link_text", "Read more"), "link"],
      [by("partial_link_text", "more"), "link"],
      [by("partial_link_text", "Read", { within: by("id", "cart") }), undefined],
    ]),
  )("nth and within: %s finds %s", async (_title, _id, locator, id) => {
    expect(await idOf(locator)).toBe(id);
  });

  test("a count is of all matches, whatever nth says", async () => {
    expect(await countOf(by("css", ".buy", { nth: 3 }))).toBe(4);
    expect(await countOf(by("css", ".buy", { within: by("id", "cart") }))).toBe(3);
    expect(await countOf(role("button", "Buy"))).toBe(4);
    expect(await countOf(by("css", ".nowhere"))).toBe(0);
    expect(await countOf(by("css", ".buy", { within: by("id", "nowhere") }))).toBe(0);
  });

  test.each<[string, PageTarget, RegExp]>([
    ["CSS", { locator: by("css", "a[[b") }, /not a valid selector/],
    ["XPath", { locator: by("xpath", "//a[") }, /not a valid XPath/],
    ["XPath that finds no elements", { locator: by("xpath", "//h1/text()") }, /finds #text/],
    ["XPath that finds no nodes", { locator: by("xpath", "count(//a)") }, /node/i],
    ["CSS of a container", { locator: by("id", "save", { within: by("css", "!") }) }, /not a valid selector/],
    [
      "CSS in a container that is not there",
      { locator: by("css", "!", { within: by("id", "none") }) },
      /not a valid selector/,
    ],
    [
      "CSS of an alternative",
      { locator: by("id", "save"), alternatives: [by("css", "..")] },
      /not a valid selector/,
    ],
    ["unknown role", { locator: role("buton") }, /"buton" is no ARIA role/],
    ["abstract role", { locator: role("widget") }, /"widget" is no ARIA role/],
    ["role of an alternative", { locator: by("id", "x"), alternatives: [role("x")] }, /"x" is no ARIA role/],
    ["text of white space only", { locator: by("text", " \n ") }, /the text is blank/],
    ["name of white space only", { locator: role("button", " ") }, /the name is blank/],
    ["class of white space only", { locator: by("class", " ") }, /not a valid selector/],
  ])("an invalid locator ends the wait at once: %s", async (_what, target, reason) => {
    const search = find({ until: "state", state: "present", target, timeoutMs: 60_000 }, context());
    await expect(search).rejects.toThrow(InvalidLocator);
    await expect(search).rejects.toThrow(reason);
  });
});

describe("shadow roots", () => {
  beforeAll(() => open("/shadow"));

  test.each(
    titled([
      [by("id", "buy"), "buy"],
      [by("css", "price-tag"), null as unknown as undefined],
      [by("css", "#inner-price.amount"), "inner-price"],
      [by("class", "amount"), "inner-price"],
      [by("name", "amount"), "amount"],
      [role("button", "Buy it"), "buy"],
      [role("textbox", "Amount"), "amount"],
      [by("label", "Amount"), "amount"],
      [by("placeholder", "How many"), "amount"],
      [by("title", "Pieces"), "amount"],
      [by("text", "49 €"), "inner-price"],
      [by("text", "Slotted text"), "slotted"],
      [by("id", "buy", { within: by("test_id", "price") }), "buy"],
      [by("css", "button", { within: by("id", "card") }), "buy"],
      [role("button", "Buy it", { within: role("region", "Product card") }), "buy"],
      [by("id", "late-buy", { within: by("id", "card") }), undefined],
    ]),
  )("%s finds %s", async (_title, _id, locator, id) => {
    expect(await idOf(locator)).toBe(id);
  });

  test("a button that comes late into a shadow root is clicked once", async () => {
    await open("/shadow");
    await findAndPress(
      {
        target: { locator: role("button", "Late in shadow") },
        button: "left",
        clicks: 1,
        timeoutMs: 5_000,
      },
      context(),
    );
    expect(await read("#record")).toBe("clicks: 1, misses: 0");
  });

  test("a field in a shadow root takes the focus with its content selected", async () => {
    await open("/shadow");
    const target = { locator: by("label", "Amount") };
    const typeable = { until: "typeable", text: "3", target, timeoutMs: 2_000 } as const;
    expect(await find(typeable, context())).toMatchObject({ field: "empty" });
    await session.page.type("3", signal);
    const value = { until: "read", reading: { what: "value" }, target, timeoutMs: 0 } as const;
    expect(await find(value, context())).toMatchObject({ value: "3" });
  });
});

async function read(css: string): Promise<string | null | undefined> {
  const target = { locator: by("css", css) };
  const answer = await find({ until: "read", reading: { what: "text" }, target, timeoutMs: 0 }, context());
  return answer.value;
}

describe("alternatives", () => {
  const first = by("id", "renamed");
  const alternatives = [by("css", ".nowhere"), by("text", "Save", { within: by("id", "roles") })];

  test("are tried once the first locator has found nothing for a second, and the log tells", async () => {
    await open("/locators");
    const started = performance.now();
    const press = { button: "left", clicks: 1, timeoutMs: 5_000 } as const;
    await findAndPress({ target: { locator: first, alternatives }, ...press }, context());
    expect(performance.now() - started).toBeGreaterThan(1_000);
    expect(await read("#record")).toBe("clicks: 1, misses: 0");
    expect(log).toEqual([
      {
        level: "warning",
        message: "Found by alternative 2 (text 'Save' in id 'roles'), because id 'renamed' finds nothing.",
      },
    ]);
  });

  test("are not tried while the first locator finds its element late but in time", async () => {
    await open("/late?delay=400");
    const target = { locator: by("id", "late"), alternatives: [by("id", "record")] };
    const answer = await find({ until: "state", state: "visible", target, timeoutMs: 5_000 }, context());
    expect(answer).toEqual({ outcome: "satisfied" });
    expect(log).toEqual([]);
  });

  test("are tried at the end of a wait that is shorter than that", async () => {
    await open("/locators");
    const target = { locator: first, alternatives };
    const answer = await find({ until: "state", state: "present", target, timeoutMs: 100 }, context());
    expect(answer).toEqual({ outcome: "satisfied", alternative: 2 });
  });

  test("an element is absent only when none of them finds anything", async () => {
    await open("/locators");
    const absent = { until: "state", state: "absent", timeoutMs: 100 } as const;
    await expect(find({ ...absent, target: { locator: first, alternatives } }, context())).rejects.toThrow(
      '<button id="save" type="button"> is there, found by alternative 2',
    );
    const others = { locator: first, alternatives: [by("css", ".nowhere")] };
    expect(await find({ ...absent, target: others }, context())).toEqual({ outcome: "satisfied" });
  });

  test("an element is hidden when what they find cannot be seen", async () => {
    await open("/locators");
    const hidden = { until: "state", state: "hidden", timeoutMs: 100 } as const;
    const unseen = { locator: first, alternatives: [by("id", "save-hidden"), by("id", "folded")] };
    expect(await find({ ...hidden, target: unseen }, context())).toEqual({ outcome: "satisfied" });
    const seen = { locator: first, alternatives: [by("id", "save-hidden"), by("id", "save")] };
    await expect(find({ ...hidden, target: seen }, context())).rejects.toThrow("is visible");
  });
});

test("a role is found on a page of 5,000 elements in good time", async () => {
  await open("/many?elements=5000");
  const target = { locator: role("button", "The last button") };
  const started = performance.now();
  await findAndPress({ target, button: "left", clicks: 1, timeoutMs: 5_000 }, context());
  expect(await read("#record")).toBe("clicks: 1, misses: 0");
  expect(performance.now() - started).toBeLessThan(2_000);
});

describe("the selectors that are refused before they are stored", () => {
  /** Asks the browser which of the selectors it reads. */
  const READS = `(selectors) => JSON.stringify(JSON.parse(selectors).map(([kind, value]) => {
    try {
      if (kind === "css") document.querySelector(value);
      else document.evaluate(value, document, null, XPathResult.ANY_TYPE, null);
      return true;
    } catch {
      return false;
    }
  }))`;

  test.each([
    ["none that the browser reads", READABLE, true],
    ["only those that it does not", UNREADABLE, false],
  ])("are %s", async (_, { css, xpath }, isRead) => {
    await open("/login");
    const selectors = [...css.map((value) => ["css", value]), ...xpath.map((value) => ["xpath", value])];
    const answer = JSON.parse(await session.page.call(READS, JSON.stringify(selectors), signal)) as boolean[];
    expect(selectors.filter((_selector, index) => answer[index] !== isRead)).toEqual([]);
  });
});
