import { runTime, type RunHistory } from "../../cases/history.js";
import type { StoredRun } from "../../cases/ports.js";
import { html, type Html } from "../../html.js";
import { badge, duration, time } from "./layout.js";

/** Width of a run's bar with the gap after it, and the height of the tallest, in units of the drawing. */
const BAR = 8;
const HEIGHT = 40;

/** The least that a bar is high, so that its verdict can be seen. */
const LEAST = 4;

/** A change of the times by less than this is not worth telling. */
const STEADY = 0.1;

/** The last runs of a case at one look; nothing before there are two. */
export function historySection(history: RunHistory): Html | undefined {
  const { runs, passRate, flaky, lastPassed } = history;
  if (runs.length < 2) return undefined;
  return html`<h2>History</h2>
    ${bars(runs)}
    <p>
      ${flaky && badge("flaky")}
      ${passRate !== null && `${Math.round(passRate * 100)} % of the last ${runs.length} runs of the whole case passed. `}
      ${timesOf(history)}
      ${lastPassed ? html`Last passed: <a href="/runs/${lastPassed.id}">${time(lastPassed.createdAt)}</a>.` : "It has never passed."}
    </p>`;
}

function timesOf({ duration: { median, recentMedian, trend } }: RunHistory): string | undefined {
  if (median === null) return undefined;
  const usual = `It takes ${duration(Math.round(median))}`;
  if (trend === null || recentMedian === null) return `${usual}. `;
  const change = Math.round(Math.abs(trend - 1) * 100);
  const direction = trend > 1 ? "slower" : "faster";
  const trendWords = change < STEADY * 100 ? "no slower and no faster" : `${change} % ${direction}`;
  return `${usual}; the last ten were ${trendWords} than before (${duration(Math.round(recentMedian))}). `;
}

/** A bar for each run, oldest first, as high as it took long. */
function bars(runs: readonly StoredRun[]): Html {
  const longest = Math.max(1, ...runs.map((run) => runTime(run) ?? 0));
  const drawn = runs.toReversed().map((run, index) => {
    const height = Math.max(LEAST, Math.round(((runTime(run) ?? 0) / longest) * HEIGHT));
    const words = `${run.status}${run.flaky ? ", flaky" : ""} ${duration(runTime(run))}`;
    return html`<a href="/runs/${run.id}" aria-label="${words}"
      ><rect
        class="${run.flaky ? "flaky" : run.status}"
        x="${index * BAR}"
        y="${HEIGHT - height}"
        width="${BAR - 2}"
        height="${height}"
        ><title>${words}</title></rect
      ></a
    >`;
  });
  return html`<svg class="history" viewBox="0 0 ${runs.length * BAR} ${HEIGHT}" role="group">${drawn}</svg>`;
}
