import { html, type Html } from "../../html.js";
import type { ReportAttempt, ReportRun } from "../../protocol/report.js";
import { isUnchecked } from "../report.js";
import { duration, isWrong, stepName } from "../words.js";
import { artifactLinks, badge, isPicture, picture, type SectionOptions } from "./parts.js";
import { stepSection } from "./step-section.js";

/** A run with its timeline and its steps; open where it did not pass. */
export async function runSection(run: ReportRun, options: SectionOptions): Promise<Html> {
  const { name, status, flaky, place, duration_ms: ms, error_message: error, steps, video } = run;
  const classes = ["run", status, flaky && "is-flaky", isUnchecked(run) && "is-unchecked"];
  const sections = [];
  for (const step of steps) sections.push(await stepSection(step, options));
  const attempts = [];
  for (const attempt of run.failed_attempts) attempts.push(await attemptSection(attempt, options));
  const videoLink = video === null ? undefined : options.linkOf(video);
  return html`<details
    class="${classes.filter(Boolean).join(" ")}"
    data-name="${name}"
    ${isWrong(run) && "open"}
  >
    <summary>
      <h2>${name}</h2>
      ${badge(status)} ${flaky && badge("flaky")} ${isUnchecked(run) && badge("unchecked")}
      <span class="soft">${duration(ms)}</span>
    </summary>
    <div>
      ${place !== null && html`<p class="soft">${place}</p>`}
      ${run.attempts > 1 && html`<p>It took ${run.attempts} attempts.</p>`}
      ${steps.length === 0 && error !== null && html`<p class="wrong">${error}</p>`} ${timeline(run)}
      ${attempts} ${sections}
      ${
        videoLink !== undefined &&
        html`<h4>Video</h4>
          <video controls preload="metadata" src="${videoLink}" aria-label="Video of ${name}"></video>`
      }
    </div>
  </details>`;
}

async function attemptSection(
  { attempt, status, error_message: error, evidence }: ReportAttempt,
  options: SectionOptions,
): Promise<Html> {
  const pictures = [];
  for (const { href } of evidence.filter(isPicture)) {
    pictures.push(await picture(href, `the page when attempt ${attempt} ended`, options));
  }
  return html`<details class="step ${status}">
    <summary>
      <h3>Attempt ${attempt}</h3>
      ${badge(status)}
    </summary>
    <div>
      <p class="wrong">${error}</p>
      <div class="pictures">${pictures}</div>
      ${artifactLinks(
        evidence.filter((artifact) => !isPicture(artifact)),
        options,
      )}
    </div>
  </details>`;
}

/** The steps along the time of the run's last attempt. */
function timeline({ steps, started_at: startedAt }: ReportRun): Html | undefined {
  const begun = steps.flatMap((step) => {
    const { started_at: at, duration_ms: ms } = step;
    return at === null || ms === null ? [] : [{ step, at: Date.parse(at), ms }];
  });
  const [first] = begun;
  if (first === undefined || startedAt === null) return undefined;
  const end = Math.max(...begun.map(({ at, ms }) => at + ms));
  const total = Math.max(1, end - first.at);
  const label = begun.map(({ step, ms }) => `${stepName(step)}: ${duration(ms)}`).join("; ");
  return html`<svg
    class="timeline"
    viewBox="0 0 1000 20"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    ${begun.map(({ step, at, ms }) => {
      const x = ((at - first.at) / total) * 1000;
      const width = Math.max(2, (ms / total) * 1000 - 1);
      return html`<rect
        class="${step.status}"
        x="${x.toFixed(1)}"
        y="4"
        width="${width.toFixed(1)}"
        height="12"
      >
        <title>${stepName(step)}: ${duration(ms)}</title>
      </rect>`;
    })}
  </svg>`;
}
