import type { Page } from "playwright-core";
import type { ShopAction } from "../shop.js";

/**
 * The 24 commands of the shop scenario as Playwright's guide writes them: locators that wait by themselves, and
 * waits for a text where the scenario checks one. https://playwright.dev/docs/best-practices
 */
export function playwrightShop(page: Page, siteUrl: string): ShopAction[] {
  const verifyText = (selector: string, expected: string) =>
    page.locator(selector).filter({ hasText: expected }).waitFor();
  return [
    () => page.goto(`${siteUrl}/shop`, { waitUntil: "domcontentloaded" }),
    () => page.locator("#q").fill("rain"),
    () => page.locator("#find").click(),
    () => verifyText("#status", "2 products found"),
    () => page.getByRole("link", { name: "Rain jacket", exact: true }).click(),
    () => verifyText("#price", "89"),
    () => page.locator("#size").selectOption({ label: "Medium" }),
    () => page.locator("#quantity").fill("2"),
    () => page.locator("#add").click(),
    () => verifyText("#added", "Added 2 × Rain jacket (Medium)"),
    () => page.getByRole("link", { name: "Continue shopping", exact: true }).click(),
    () => page.locator("#q").fill("hat"),
    () => page.locator("//button[text()='Search']").click(),
    () => page.locator("#results a.product").click(),
    () => page.locator("#add").click(),
    () => page.locator("#cart").click(),
    () => verifyText("#total", "197 €"),
    () => page.locator("#checkout").click(),
    () => page.locator("#name").fill("Ada Lovelace"),
    () => page.locator("#email").fill("ada@example.test"),
    () => page.locator("#address").fill("12 St James's Square, London"),
    () => page.locator("#terms").click(),
    () => page.locator("#place").click(),
    () => verifyText("#confirmation", "Thank you, Ada Lovelace!"),
  ];
}
