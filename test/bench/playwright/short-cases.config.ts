import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { VIEWPORT } from "./browser.js";

/** The short cases of the row `cli-playwright`, as a person would set Playwright Test up for speed. */
export default defineConfig({
  testMatch: "short-cases.spec.ts",
  outputDir: join(tmpdir(), "stepwire-bench-playwright"),
  fullyParallel: true,
  workers: Number(process.env["BENCH_WORKERS"]),
  reporter: "line",
  use: {
    headless: true,
    viewport: VIEWPORT,
    launchOptions: {
      executablePath: process.env["BENCH_BROWSER"] ?? "",
      args: JSON.parse(process.env["BENCH_ARGUMENTS"] ?? "[]") as string[],
    },
  },
});
