import type { StoredRun } from "../../cases/ports.js";
import { html, type Html } from "../../html.js";
import type { ComparedCommand, ComparedStep, Difference, DifferenceKind } from "../../reports/comparison.js";
import type { ComparedRuns } from "../compared-runs.js";
import { badge, duration, table, time, type Page } from "./layout.js";

const WHAT: Record<DifferenceKind, string> = {
  command: "another command",
  outcome: "another outcome",
  missing: "in one run only",
};

/** Two runs of a case beside each other. */
export function comparisonPage({ run, other, caseName, steps, differences }: ComparedRuns): Page {
  const [first] = differences;
  const firstOutcome = differences.find(({ what }) => what === "outcome");
  return {
    title: `Two runs of ${caseName}`,
    body: html`<h1>Two runs of <a href="/test-case/${run.testCaseId}">${caseName}</a></h1>
      <p>This run: ${runLink(run)}</p>
      <p>The other: ${runLink(other)}</p>
      <h2>The first command that differs</h2>
      ${first === undefined ? html`<p>Every command of both is the same, and ended in the same way.</p>` : differenceSection(first)}
      ${
        firstOutcome !== undefined &&
        firstOutcome !== first &&
        html`<h2>The first command that ended otherwise</h2>
          ${differenceSection(firstOutcome)}`
      }
      <h2>Steps</h2>
      ${table(["Step", "This run", "The other"], "Took", steps.map(stepRow))}`,
  };
}

function runLink(run: StoredRun): Html {
  return html`<a href="/runs/${run.id}">${time(run.createdAt)}</a> ${badge(run.status)}`;
}

function differenceSection({ step, number, what, run, other }: Difference): Html {
  return html`<section class="step">
    <h3>
      ${step.number !== undefined && `Step ${step.number}: `}${step.description}, command ${number}
      <span class="badge">${WHAT[what]}</span>
    </h3>
    ${commandLine("This run", run)} ${commandLine("The other", other)}
  </section>`;
}

function commandLine(whose: string, command: ComparedCommand | undefined): Html {
  if (command === undefined) return html`<p>${whose}: <span class="soft">did not come to it</span></p>`;
  const { message, status, durationMs, errorMessage } = command;
  return html`<p>${whose}: ${message} ${badge(status)} <span class="soft">${duration(durationMs)}</span></p>
    ${errorMessage !== null && html`<p class="wrong">${errorMessage}</p>`}`;
}

function stepRow({ run, other }: ComparedStep): Html {
  const step = run ?? other;
  const verdict = (of: ComparedStep["run"]) =>
    of === undefined ? html`<span class="soft">not run</span>` : badge(of.status);
  const took = [run, other].map((of) => duration(of?.durationMs ?? null) || "–").join(" / ");
  return html`<tr>
    <td>${step?.number !== undefined && `${step.number}. `}${step?.description}</td>
    <td>${verdict(run)}</td>
    <td>${verdict(other)}</td>
    <td class="number">${took}</td>
  </tr>`;
}
