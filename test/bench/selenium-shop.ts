import { By, until, type Locator, type WebDriver, type WebElement } from "selenium-webdriver";
import { Select } from "selenium-webdriver/lib/select.js";

/** Longest wait of one command, in milliseconds: the server's default too. */
const TIMEOUT_MS = 10_000;

/**
 * The 24 commands of the shop scenario as most testers write them by hand: explicit waits with `until`, which
 * looks again every 200 ms unless told otherwise.
 *
 * @throws Error when a command does not pass.
 */
export async function buyInShop(driver: WebDriver, siteUrl: string): Promise<void> {
  const visible = async (locator: Locator): Promise<WebElement> => {
    const element = await driver.wait(until.elementLocated(locator), TIMEOUT_MS);
    return await driver.wait(until.elementIsVisible(element), TIMEOUT_MS);
  };
  const click = async (locator: Locator) => {
    const element = await visible(locator);
    await driver.wait(until.elementIsEnabled(element), TIMEOUT_MS);
    await element.click();
  };
  const input = async (locator: Locator, text: string) => {
    const element = await visible(locator);
    await element.clear();
    await element.sendKeys(text);
  };
  const verifyText = async (locator: Locator, expected: string) => {
    const element = await driver.wait(until.elementLocated(locator), TIMEOUT_MS);
    await driver.wait(until.elementTextContains(element, expected), TIMEOUT_MS);
  };

  await driver.get(`${siteUrl}/shop`);
  await input(By.id("q"), "rain");
  await click(By.id("find"));
  await verifyText(By.id("status"), "2 products found");
  await click(By.linkText("Rain jacket"));
  await verifyText(By.id("price"), "89");
  await new Select(await visible(By.id("size"))).selectByVisibleText("Medium");
  await input(By.id("quantity"), "2");
  await click(By.id("add"));
  await verifyText(By.id("added"), "Added 2 × Rain jacket (Medium)");
  await click(By.linkText("Continue shopping"));
  await input(By.id("q"), "hat");
  await click(By.xpath("//button[text()='Search']"));
  await click(By.css("#results a.product"));
  await click(By.id("add"));
  await click(By.id("cart"));
  await verifyText(By.id("total"), "197 €");
  await click(By.id("checkout"));
  await input(By.id("name"), "Ada Lovelace");
  await input(By.id("email"), "ada@example.test");
  await input(By.id("address"), "12 St James's Square, London");
  await click(By.id("terms"));
  await click(By.id("place"));
  await verifyText(By.id("confirmation"), "Thank you, Ada Lovelace!");
}
