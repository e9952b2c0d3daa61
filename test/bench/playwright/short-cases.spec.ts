import { expect, test } from "@playwright/test";

// The same four commands as the cases of the row `cli-playwright`.

const url = process.env["BENCH_SITE"] ?? "";

for (let number = 1; number <= Number(process.env["BENCH_CASES"]); number++) {
  test(`Search ${number}`, async ({ page }) => {
    await page.goto(`${url}/shop`, { waitUntil: "domcontentloaded" });
    await page.locator("#q").fill("rain");
    await page.locator("#find").click();
    await expect(page.locator("#status")).toContainText("2 products found");
  });
}
