import { shopScenario } from "../site/shop-scenario.js";
import type { Bench } from "./bench.js";
import { BenchServer } from "./bench-server.js";
import { interleave, Side } from "./rounds.js";
import { startSeleniumBrowser } from "./selenium-browser.js";
import { buyInShop } from "./selenium-shop.js";
import { median, range } from "./statistics.js";
import { StepClient } from "./step-client.js";
import { atMost, type Row } from "./table.js";

/** Largest share of plain selenium-webdriver's time that is acceptable. */
const RATIO_LIMIT = 0.45;

/** The 24 commands of the shop through the server, against the same written in plain selenium-webdriver. */
export async function measureShop(bench: Bench, rounds: number): Promise<Row[]> {
  const selenium = await seleniumSide(bench);
  const off = await serverSide(bench, "off");
  const inline = await serverSide(bench, "inline");
  await interleave("24 commands", [selenium.side, off.side, inline.side], rounds);
  await Promise.all([selenium.stop(), off.stop(), inline.stop()]);
  const base = median(selenium.side.samples);
  return [
    { what: selenium.side.name, measured: describe(selenium.side.samples) },
    ...[off.side, inline.side].map(({ name, samples }) =>
      atMost({
        what: name,
        value: median(samples) / base,
        limit: RATIO_LIMIT,
        unit: " ×",
        digits: 2,
        note: describe(samples),
      }),
    ),
  ];
}

interface StartedSide {
  side: Side<number>;
  stop(): Promise<void>;
}

async function seleniumSide({ browser, site, teardown }: Bench): Promise<StartedSide> {
  const { driver, stop } = await startSeleniumBrowser(browser, teardown);
  const side = new Side("24 commands, plain selenium-webdriver with until", async () => {
    // A fresh state in the same warm browser. The cart is in the tab's storage and gone once it is ordered.
    await driver.manage().deleteAllCookies();
    const started = performance.now();
    await buyInShop(driver, site.url);
    return performance.now() - started;
  });
  return { side, stop };
}

async function serverSide(
  { browser, site, teardown }: Bench,
  screenshots: "off" | "inline",
): Promise<StartedSide> {
  const server = await BenchServer.start({ browser, screenshots }, teardown);
  const client = await StepClient.connect(server.address, teardown);
  const stepId = await client.createStep(shopScenario(site.url));
  const side = new Side(`24 commands, Stepwire, SCREENSHOTS=${screenshots}`, async () => {
    const { total } = await client.run(stepId);
    return total;
  });
  return { side, stop: server.stop };
}

function describe(samples: readonly number[]): string {
  return `${median(samples).toFixed(0)} ms, ${range(samples)}`;
}
