import { By, until, type Locator, type WebDriver, type WebElement } from "selenium-webdriver";
import { Select } from "selenium-webdriver/lib/select.js";
import { COMMAND_TIMEOUT_MS, type ShopAction } from "../shop.js";

/** Interval at which selenium-webdriver looks again unless told otherwise, in milliseconds. */
const DEFAULT_POLL_MS = 200;

/**
 * The 24 commands of the shop scenario as most testers write them by hand: explicit waits with `until`.
 *
 * @param pollMs how often a wait looks again, in milliseconds
 */
export function seleniumShop(driver: WebDriver, siteUrl: string, pollMs = DEFAULT_POLL_MS): ShopAction[] {
  const located = (locator: Locator): Promise<WebElement> =>
    driver.wait(until.elementLocated(locator), COMMAND_TIMEOUT_MS, undefined, pollMs);
  const visible = async (locator: Locator): Promise<WebElement> => {
    const element = await located(locator);
    return await driver.wait(until.elementIsVisible(element), COMMAND_TIMEOUT_MS, undefined, pollMs);
  };
  const click = async (locator: Locator) => {
    const element = await visible(locator);
    await driver.wait(until.elementIsEnabled(element), COMMAND_TIMEOUT_MS, undefined, pollMs);
    await element.click();
  };
  const input = async (locator: Locator, text: string) => {
    const element = await visible(locator);
    await element.clear();
    await element.sendKeys(text);
  };
  const verifyText = async (locator: Locator, expected: string) => {
    const element = await located(locator);
    const contains = until.elementTextContains(element, expected);
    await driver.wait(contains, COMMAND_TIMEOUT_MS, undefined, pollMs);
  };
  return [
    () => driver.get(`${siteUrl}/shop`),
    () => input(By.id("q"), "rain"),
    () => click(By.id("find")),
    () => verifyText(By.id("status"), "2 products found"),
    () => click(By.linkText("Rain jacket")),
    () => verifyText(By.id("price"), "89"),
    async () => new Select(await visible(By.id("size"))).selectByVisibleText("Medium"),
    () => input(By.id("quantity"), "2"),
    () => click(By.id("add")),
    () => verifyText(By.id("added"), "Added 2 × Rain jacket (Medium)"),
    () => click(By.linkText("Continue shopping")),
    () => input(By.id("q"), "hat"),
    () => click(By.xpath("//button[text()='Search']")),
    () => click(By.css("#results a.product")),
    () => click(By.id("add")),
    () => click(By.id("cart")),
    () => verifyText(By.id("total"), "197 €"),
    () => click(By.id("checkout")),
    () => input(By.id("name"), "Ada Lovelace"),
    () => input(By.id("email"), "ada@example.test"),
    () => input(By.id("address"), "12 St James's Square, London"),
    () => click(By.id("terms")),
    () => click(By.id("place")),
    () => verifyText(By.id("confirmation"), "Thank you, Ada Lovelace!"),
  ];
}
