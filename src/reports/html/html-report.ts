import { createHash } from "node:crypto";
import { html, Html } from "../../html.js";
import type { Report } from "../../protocol/report.js";
import { countsOf, duration } from "../words.js";
import type { HtmlReportOptions } from "./parts.js";
import { runSection } from "./run-section.js";
import { SCRIPT, STYLE } from "./style.js";

/** Most runs of which those that passed keep their last pictures: more make a file that no browser opens gladly. */
const MAX_RUNS_WITH_ALL_PICTURES = 100;

/**
 * A report as one HTML file that needs nothing beside itself but its videos: pictures are in it, and it fetches nothing. It
 * comes in pieces, so that the pictures of a thousand runs are never in memory at once.
 */
export async function* htmlReportOf(report: Report, options: HtmlReportOptions): AsyncGenerator<string> {
  const { summary, runs, created_at: createdAt } = report;
  yield `<!doctype html>\n<html lang="en">\n${head(`Test report: ${countsOf(summary)}`).text}\n<body>\n`;
  yield html`<header>
    <h1>Test report</h1>
    <p class="soft">
      <time datetime="${createdAt}">${createdAt.slice(0, 16).replace("T", " ")} UTC</time> · ${summary.tests}
      ${summary.tests === 1 ? "test" : "tests"} in ${duration(summary.duration_ms)}
    </p>
    ${tiles(report)} ${filters()}
  </header>`.text;
  yield "\n<main>\n";
  const hasAllPictures = runs.length <= MAX_RUNS_WITH_ALL_PICTURES;
  if (!hasAllPictures) yield html`<p class="soft">Of tests that passed there are no pictures here.</p>`.text;
  for (const run of runs) yield `${(await runSection(run, { ...options, hasAllPictures })).text}\n`;
  yield `</main>\n<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

function head(title: string): Html {
  const policy = [
    "default-src 'none'",
    "img-src data:",
    "media-src 'self' file:",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const opening = html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
  </head>`;
  // The hash is that of the very text, so nothing may reformat it.
  return html`${opening}${new Html(`<style>${STYLE}</style>`)}</head>`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function tiles({ summary }: Report): Html {
  const tile = (count: number, words: string, className: string) =>
    count > 0 && html`<li class="${className}"><strong>${count}</strong> ${words}</li>`;
  return html`<ul class="tiles">
    ${tile(summary.passed, "passed", "passed")} ${tile(summary.failed, "failed", "failed")}
    ${tile(summary.error, "could not be judged", "odd")} ${tile(summary.skipped, "not run", "skipped")}
    ${tile(summary.flaky, "flaky", "odd")} ${tile(summary.unchecked, "checked nothing", "odd")}
  </ul>`;
}

function filters(): Html {
  const choice = (id: string, words: string) =>
    html`<label
      ><input type="radio" name="show" id="show-${id}" ${id === "all" && "checked"} /> ${words}</label
    >`;
  return html`<fieldset>
    <legend>Show</legend>
    ${choice("all", "all")} ${choice("wrong", "not passed")} ${choice("flaky", "flaky")}
    ${choice("unchecked", "checked nothing")}
    <label>Name <input type="search" autocomplete="off" /></label>
  </fieldset>`;
}
