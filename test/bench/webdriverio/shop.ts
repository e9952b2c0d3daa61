import type { Browser } from "webdriverio";
import { COMMAND_TIMEOUT_MS, type ShopAction } from "../shop.js";

/** The 24 commands of the shop scenario with WebdriverIO's own waits, which look again every 100 ms. */
export function webdriverioShop(browser: Browser, siteUrl: string): ShopAction[] {
  const click = async (selector: string) => {
    const element = browser.$(selector);
    await element.waitForClickable();
    await element.click();
  };
  const input = (selector: string, text: string) => browser.$(selector).setValue(text);
  // Does the same as `expect(element).toHaveText(containing)` of its test runner.
  const verifyText = (selector: string, expected: string) =>
    browser.waitUntil(async () => (await browser.$(selector).getText()).includes(expected), {
      timeout: COMMAND_TIMEOUT_MS,
    });
  return [
    () => browser.url(`${siteUrl}/shop`),
    () => input("#q", "rain"),
    () => click("#find"),
    () => verifyText("#status", "2 products found"),
    () => click("=Rain jacket"),
    () => verifyText("#price", "89"),
    () => browser.$("#size").selectByVisibleText("Medium"),
    () => input("#quantity", "2"),
    () => click("#add"),
    () => verifyText("#added", "Added 2 × Rain jacket (Medium)"),
    () => click("=Continue shopping"),
    () => input("#q", "hat"),
    () => click("//button[text()='Search']"),
    () => click("#results a.product"),
    () => click("#add"),
    () => click("#cart"),
    () => verifyText("#total", "197 €"),
    () => click("#checkout"),
    () => input("#name", "Ada Lovelace"),
    () => input("#email", "ada@example.test"),
    () => input("#address", "12 St James's Square, London"),
    () => click("#terms"),
    () => click("#place"),
    () => verifyText("#confirmation", "Thank you, Ada Lovelace!"),
  ];
}
