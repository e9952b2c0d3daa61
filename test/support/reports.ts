import type { Report, ReportRun, ReportStep } from "../../src/protocol/report.js";
import { reportOfRuns } from "../../src/reports/report.js";

const AT = "2026-01-13T10:00:00.000Z";

/** A step of a report; one that passed, unless told otherwise. */
export function reportStep(changes: Partial<ReportStep> = {}): ReportStep {
  return {
    number: 1,
    description: "Log in",
    expected_result: "A greeting",
    status: "passed",
    error_message: null,
    started_at: AT,
    duration_ms: 1_200,
    flaky: false,
    checks: 1,
    commands: [
      {
        number: 1,
        action: "click",
        message: "Click Login",
        locator: { type: "id", value: "login" },
        started_at: AT,
        duration_ms: 35,
        pictures: ["/api/artifacts/after-1"],
        logs: [],
        artifacts: [],
      },
    ],
    evidence: [],
    ...changes,
  };
}

/** A run of a report; one that passed, unless told otherwise. */
export function reportRun(changes: Partial<ReportRun> = {}): ReportRun {
  return {
    id: "run-1",
    name: "Orders",
    place: "cases/orders.yaml:3",
    test_case_id: null,
    status: "passed",
    error_message: null,
    flaky: false,
    attempts: 1,
    checks: 1,
    started_at: AT,
    duration_ms: 1_500,
    steps: [reportStep()],
    failed_attempts: [],
    video: null,
    ...changes,
  };
}

/** A report of one run of every kind. */
export function reportOfEveryKind(text = "It says <b>&\"'"): Report {
  const failed = reportStep({
    number: 2,
    description: `See ${text}`,
    status: "failed",
    error_message: text,
    evidence: [
      { kind: "console", name: null, href: "/api/artifacts/console" },
      { kind: "screenshot", name: null, href: "/api/artifacts/judged" },
    ],
  });
  const runs = [
    reportRun(),
    reportRun({ name: text, status: "failed", error_message: text, steps: [reportStep(), failed] }),
    reportRun({
      name: "Flaky",
      flaky: true,
      attempts: 2,
      steps: [reportStep({ flaky: true })],
      failed_attempts: [{ attempt: 1, status: "error", error_message: text, evidence: [] }],
    }),
    reportRun({ name: "Unchecked", checks: 0, steps: [reportStep({ checks: 0 })] }),
    reportRun({ name: "Not started", id: null, status: "error", error_message: text, steps: [] }),
    reportRun({ name: "Not begun", id: null, status: "skipped", started_at: null, steps: [] }),
  ];
  return reportOfRuns(runs, new Date(AT));
}
