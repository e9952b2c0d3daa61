import type { StoredRun, StoredTestCase, StoredTestStep, TestCaseSummary } from "../../cases/ports.js";
import { runTime, type KeptRuns, type RunHistory } from "../../cases/history.js";
import type { Command } from "../../protocol/commands.js";
import { parseScript } from "../../protocol/script.js";
import { html, type Html } from "../../html.js";
import { isVerified } from "../../protocol/verification.js";
import { verificationOf } from "./generation-evidence.js";
import { historySection } from "./history-section.js";
import { badge, duration, expectedAndSeen, table, time, type Page } from "./layout.js";

/**
 * The test cases, newest first.
 *
 * @param next id before which the next page begins
 * @param address of this server
 */
export function casesPage(
  cases: readonly TestCaseSummary[],
  { next, address }: { next: number | undefined; address: string },
): Page {
  const none = html`<p>There is no test case yet. Make one with a request to this server:</p>
    <pre>${makeACase(address)}</pre>
    <p>or let <code>npm run demo</code> show how it looks.</p>`;
  const rows = cases.map(
    ({ id, name, status, stepsCount }) =>
      html`<tr>
        <td><a href="/test-case/${id}">${name}</a></td>
        <td>${badge(status)}</td>
        <td class="number">${stepsCount}</td>
      </tr>`,
  );
  const list = html`<p>The page of a test case says how it is run.</p>
    ${table(["Test case", "Status"], "Steps", rows)}
    ${next !== undefined && html`<p><a href="/?before=${next}">Older test cases</a></p>`}`;
  return {
    title: "Test cases",
    body: html`<h1>Test cases</h1>
      ${cases.length === 0 ? none : list}`,
  };
}

const makeACase = (address: string) => `curl -X POST ${address}/api/test-cases \\
  -H 'content-type: application/json' \\
  -d '{"name": "Example", "steps": [{"description": "The page opens",
       "script": [{"action": "navigate", "url": "https://example.com/"},
                  {"action": "verify_title", "expected_title": "Example Domain"}]}]}'`;

interface CaseSurroundings {
  /** Those of late, newest first. */
  runs: readonly StoredRun[];
  history: RunHistory;
  kept: KeptRuns;
  describe: (command: Command) => string;
  /** Of this server. */
  address: string;
}

/** A case with its steps and its runs of late. */
export function casePage(
  testCase: StoredTestCase,
  { runs, history, kept, describe, address }: CaseSurroundings,
): Page {
  const { id, name, description, status, steps, updatedAt } = testCase;
  return {
    title: name,
    body: html`<h1>${name}</h1>
      <p>${badge(status)} <span class="soft">changed ${time(updatedAt)}</span></p>
      ${description !== "" && html`<p>${description}</p>`}
      <h2>Steps</h2>
      ${steps.length === 0 && html`<p class="soft">It has no steps yet.</p>`}
      ${steps.map((step) => stepSection(step, describe))}
      <h2>Run it</h2>
      <p>
        Send <code>{"type":"execute_all","test_case_id":${id}}</code> over the WebSocket
        <code>/ws/execute-step</code>, or:
      </p>
      <pre>curl -i -X POST ${address}/api/test-cases/${id}/run</pre>
      ${historySection(history)}
      <h2>Runs</h2>
      ${runs.length === 0 ? html`<p class="soft">No run of it is stored.</p>` : runTable(runs)}
      ${keptSentence(kept)}`,
  };
}

function stepSection(step: StoredTestStep, describe: (command: Command) => string): Html {
  const { stepNumber, description, expectedResult, executionStatus, executionTimeMs, errorMessage } = step;
  const verified = isVerified(step.verification);
  return html`<section class="step ${executionStatus}">
    <h3>
      ${stepNumber}. ${description} ${badge(executionStatus)}
      ${verified !== null && badge(verified ? "verified" : "not verified")}
    </h3>
    ${expectedAndSeen(expectedResult, errorMessage)}
    ${executionTimeMs !== null && html`<p class="soft">Took ${duration(executionTimeMs)}.</p>`}
    ${step.verification !== null && verificationOf(step.verification.sentences)}
    ${commandList(step.seleniumScriptJson, describe)}
  </section>`;
}

function commandList(script: string | null, describe: (command: Command) => string): Html {
  if (script === null) return html`<p class="soft">It has no script yet.</p>`;
  try {
    const items = parseScript(script).map((command) => html`<li>${describe(command)}</li>`);
    return html`<ol class="commands">
      ${items}
    </ol>`;
  } catch (error) {
    // A script that was stored by an older version may not be valid any more; its run says the same.
    return html`<p class="wrong">${error instanceof Error ? error.message : String(error)}</p>`;
  }
}

/** The runs that are no longer here, where there may have been some. */
function keptSentence({ days, perCase }: KeptRuns): Html | undefined {
  const gone = [
    days !== null && `${days} days after they ended`,
    perCase !== null && `once the test case has ${perCase} newer ones`,
  ].filter((when) => when !== false);
  if (gone.length === 0) return undefined;
  return html`<p class="soft">
    Runs are deleted ${gone.join(", and ")}; flaky ones and the last that passed stay.
  </p>`;
}

const KINDS: Record<StoredRun["kind"], string> = {
  case: "all steps",
  step: "one step",
  generation: "generation",
};

function runTable(runs: readonly StoredRun[]): Html {
  const rows = runs.map(
    (run) =>
      html`<tr>
        <td><a href="/runs/${run.id}">${time(run.createdAt)}</a></td>
        <td>${badge(run.status)} ${run.flaky && badge("flaky")}</td>
        <td>${KINDS[run.kind]}</td>
        <td class="number">${duration(runTime(run))}</td>
      </tr>`,
  );
  return table(["Started", "Verdict", "What"], "Took", rows);
}
