import { runTime } from "../../cases/history.js";
import type { GenerationReport, ReportedSentence } from "../../reports/generation-report.js";
import type { SentenceEvidence } from "../../protocol/verification.js";
import { remarks } from "./generation-evidence.js";
import { html, type Html } from "../../html.js";
import { badge, duration, time, type Page } from "./layout.js";
import { REFRESH } from "./run-page.js";

/** A generation on the open page: each sentence with what came of it. */
export function generationPage({ run, sentences }: GenerationReport): Page {
  const isOver = run.finishedAt !== null;
  return {
    title: "Generation on a page",
    refresh: isOver ? undefined : REFRESH,
    body: html`<h1>Generation on a page</h1>
      <p>
        ${badge(run.status)} ${duration(runTime(run))}
        <span class="soft"
          >started ${time(run.createdAt)}${run.principal !== null && ` by ${run.principal}`}</span
        >
      </p>
      ${!isOver && html`<p class="soft">It is under way; this page looks again every ${REFRESH} seconds.</p>`}
      ${run.errorMessage !== null && html`<p class="wrong">${run.errorMessage}</p>`}
      ${
        run.testCaseId === null
          ? isOver && html`<p>No test case was saved.</p>`
          : html`<p><a href="/test-case/${run.testCaseId}">Its test case</a></p>`
      }
      ${sentences.map(sentenceSection)}
      ${isOver && html`<p><a href="/api/runs/${run.id}/events">Its events</a></p>`}`,
  };
}

const VERDICTS: Record<SentenceEvidence["outcome"], string> = {
  verified: "passed",
  not_verified: "failed",
  not_understood: "error",
};

function sentenceSection(sentence: ReportedSentence): Html {
  const { stepNumber, text, outcome, picture } = sentence;
  return html`<section class="step ${VERDICTS[outcome]}">
    <h3>${stepNumber}. ${text} ${badge(outcome.replace("_", " "))}</h3>
    ${remarks(sentence)}
    ${
      picture !== null &&
      html`<div class="pictures">
        <a href="${picture}"><img src="${picture}" alt="The page after the sentence" loading="lazy" /></a>
      </div>`
    }
  </section>`;
}
