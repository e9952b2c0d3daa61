import { runTime } from "../../cases/history.js";
import type {
  FailedAttempt,
  ReportedArtifact,
  ReportedCommand,
  ReportedStep,
  RunReport,
} from "../../reports/run-report.js";
import { artifactName } from "../../reports/words.js";
import { html, type Html } from "../../html.js";
import { badge, duration, expectedAndSeen, time, type Page } from "./layout.js";

/** Seconds between two looks at a run that is under way. */
export const REFRESH = 2;

/** A run with its steps, commands, pictures and everything else that was kept of it. */
export function runPage({ run, testCase, steps, failedAttempts, video }: RunReport): Page {
  const isOver = run.finishedAt !== null;
  return {
    title: `Run of ${testCase.name}`,
    refresh: isOver ? undefined : REFRESH,
    body: html`<h1>Run of <a href="/test-case/${testCase.id}">${testCase.name}</a></h1>
      <p>
        ${badge(run.status)} ${run.flaky && badge("flaky")} ${duration(runTime(run))}
        <span class="soft"
          >started ${time(run.createdAt)}${run.principal !== null && ` by ${run.principal}`}</span
        >
      </p>
      ${!isOver && html`<p class="soft">It is under way; this page looks again every ${REFRESH} seconds.</p>`}
      ${isOver && steps.length === 0 && run.errorMessage !== null && html`<p class="wrong">${run.errorMessage}</p>`}
      ${failedAttempts.map(attemptSection)} ${steps.map(stepSection)}
      ${
        video !== undefined &&
        html`<h2>Video</h2>
          <video controls preload="metadata" src="${video}"></video>`
      }
      ${
        isOver &&
        html`<p>
          <a href="/api/runs/${run.id}/trace" download>Everything of this run as a zip</a> ·
          <a href="/api/runs/${run.id}/events">its events</a> ·
          <a href="/runs/${run.id}/comparison">compared with the last run that passed</a>
        </p>`
      }`,
  };
}

function attemptSection({ attempt, status, errorMessage, evidence }: FailedAttempt): Html {
  return html`<section class="step ${status}">
    <h3>Attempt ${attempt} ${badge(status)}</h3>
    <p class="wrong">${errorMessage}</p>
    ${artifactList(evidence)}
  </section>`;
}

function stepSection(step: ReportedStep): Html {
  const { number, description, expectedResult, status, errorMessage, durationMs, flaky, checks, commands } =
    step;
  const isWrong = status === "failed" || status === "error";
  return html`<section class="step ${status}">
    <h3>
      ${number !== undefined && `${number}. `}${description} ${badge(status)} ${flaky && badge("flaky")}
    </h3>
    ${checks === 0 && html`<p class="soft">None of its commands checks anything.</p>`}
    ${expectedAndSeen(expectedResult, errorMessage)} ${pictureList(step)}
    <ol class="commands">
      ${commands.map((command, index) => commandItem(command, isWrong && index === commands.length - 1))}
    </ol>
    ${durationMs !== null && html`<p class="soft">Took ${duration(durationMs)}.</p>`}
    ${artifactList(step.evidence.filter(({ kind }) => kind !== "screenshot"))}
  </section>`;
}

/** @param isLast true for the command after which a step that did not pass has ended */
function commandItem(
  { number, message, durationMs, logs, artifacts }: ReportedCommand,
  isLast: boolean,
): Html {
  return html`<li value="${number}" class="${isLast ? "last" : ""}">
    ${message} <span class="soft">${duration(durationMs)}</span>
    ${logs.map((log) => html`<div class="soft">${log.level === "warning" && "Warning: "}${log.message}</div>`)}
    ${comparison(artifacts)}${artifactList(artifacts.filter(({ kind }) => !COMPARED.includes(kind)))}
  </li>`;
}

/** The page as it was when the step ended, or was judged. */
function pictureList({ commands, evidence }: ReportedStep): Html | undefined {
  const judged = evidence.filter(({ kind }) => kind === "screenshot").map(({ url }) => url);
  const last = commands.findLast(({ pictures }) => pictures.length > 0);
  const shown = judged.length > 0 ? judged : (last?.pictures.slice(-1) ?? []);
  if (shown.length === 0) return undefined;
  const caption = judged.length > 0 ? "when the step ended" : `after command ${last?.number ?? ""}`;
  return html`<div class="pictures">${shown.map((url) => figure(url, `The page ${caption}`))}</div>`;
}

/** The pictures of a comparison with a baseline, side by side. */
const COMPARED: readonly ReportedArtifact["kind"][] = [
  "screenshot_expected",
  "screenshot_actual",
  "screenshot_diff",
];

function comparison(artifacts: readonly ReportedArtifact[]): Html | undefined {
  const shown = artifacts.filter(({ kind }) => COMPARED.includes(kind));
  if (shown.length === 0) return undefined;
  return html`<div class="pictures">
    ${shown.map((artifact) => figure(artifact.url, artifactName(artifact)))}
  </div>`;
}

function figure(url: string, caption: string): Html {
  return html`<figure>
    <a href="${url}"><img src="${url}" alt="${caption}" loading="lazy" /></a>
    <figcaption>${caption}</figcaption>
  </figure>`;
}

function artifactList(artifacts: readonly ReportedArtifact[]): Html | undefined {
  if (artifacts.length === 0) return undefined;
  const links = artifacts.map(
    (artifact, index) => html`${index > 0 && " · "}<a href="${artifact.url}">${artifactName(artifact)}</a>`,
  );
  return html`<div>${links}</div>`;
}
