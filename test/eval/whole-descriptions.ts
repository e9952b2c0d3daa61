import { WebSocket } from "ws";
import { connect, type StepwireClient } from "../../src/client/index.js";
import { realPool } from "../support/real-browser.js";
import { startApp, type TestApp } from "../support/test-app.js";
import {
  broken,
  readApplications,
  serve,
  type LabelledApplication,
  type LabelledDescription,
} from "./applications.js";
import { modelSettings } from "./model.js";

/**
 * `right`: green on the application as it is, and on none of those with a defect; or, where the description says too
 * little, never green. `said`: no green, and the case tells what is missing. `wrong`: no green, without a word.
 * `false green`: green on an application with a defect, or for a description that says too little.
 */
export type DescriptionOutcome = "right" | "said" | "wrong" | "false green";

export interface JudgedDescription {
  application: string;
  label: LabelledDescription;
  outcome: DescriptionOutcome;
  /** In words: the warnings, the error of the run, or the defects that were not found. */
  came: string;
}

/** Browser sessions side by side. */
const SESSIONS = 2;

/** Failing checks are what takes long. */
const SETTINGS = {
  COMMAND_TIMEOUT: "2",
  SCREENSHOTS: "off",
  GENERATIONS_PER_HOUR: "0",
  MESSAGES_PER_SECOND: "0",
};

/**
 * Writes a test of each description on its open application, and runs it there and on each application with a defect.
 *
 * @param isShort - a share of them, with one defect each
 */
export async function judgeDescriptions({ isShort }: { isShort: boolean }): Promise<JudgedDescription[]> {
  const applications = await readApplications();
  const { pool } = realPool({ size: SESSIONS });
  const testApp = await startApp({ ...SETTINGS, ...modelSettings(), ...secretsOf(applications) }, { pool });
  const client = await connect({ url: `http://${testApp.address}`, WebSocket });
  const bench = new Bench(testApp, client);
  try {
    const labels = applications.flatMap((application) =>
      shareOf(application.descriptions, isShort).map((label) => ({ application, label })),
    );
    const judged: JudgedDescription[] = [];
    const work = async () => {
      for (let next = labels.shift(); next !== undefined; next = labels.shift())
        judged.push(await bench.judge(next.application, next.label));
    };
    await Promise.all(Array.from({ length: SESSIONS }, work));
    return judged;
  } finally {
    bench.close();
    client.close();
    await testApp.close();
  }
}

/** One of so many descriptions is in the short form. */
const SHORT_SHARE = 10;

function shareOf(labels: readonly LabelledDescription[], isShort: boolean): readonly LabelledDescription[] {
  if (!isShort) return labels;
  return labels
    .filter((_label, index) => index % SHORT_SHARE === 0)
    .map((label) => ({ ...label, defects: label.defects.slice(0, 1) }));
}

/** The server's variables for the secrets of each application. */
function secretsOf(applications: readonly LabelledApplication[]): Record<string, string> {
  const entries = applications.flatMap(({ name, secrets }) =>
    Object.entries(secrets).map(([secret, value]) => [`SECRET_${secretName(name, secret)}`, value] as const),
  );
  return Object.fromEntries(entries);
}

function secretName(application: string, secret: string): string {
  return `${application}_${secret}`.toUpperCase();
}

interface StoredCase {
  warnings: string[];
  steps: { warnings: string[]; verified: boolean | null; not_understood: object[] }[];
}

/** Applications on ports of their own, each an environment of the server that writes and runs the tests. */
class Bench {
  readonly #testApp: TestApp;
  readonly #client: StepwireClient;
  /** Names of environments, by the HTML that is served there. */
  readonly #environments = new Map<string, Promise<string>>();
  readonly #closing: (() => void)[] = [];

  constructor(testApp: TestApp, client: StepwireClient) {
    this.#testApp = testApp;
    this.#client = client;
  }

  close(): void {
    for (const close of this.#closing) close();
  }

  async judge(application: LabelledApplication, label: LabelledDescription): Promise<JudgedDescription> {
    const judged = (outcome: DescriptionOutcome, came: string) => ({
      application: application.name,
      label,
      outcome,
      came,
    });
    const environment = await this.#environmentOf(application, application.html);
    const made = await this.#client.generateOnPage(label.description, "./", { environment }).result;
    if (made.type === "generation_error") return judged("said", made.error);
    const { test_case_id: testCaseId } = made;
    const { warnings, steps } = await this.#testApp.get<StoredCase>(`/api/test-cases/${testCaseId}`);
    const isSaid =
      warnings.length > 0 ||
      steps.some(({ verified, not_understood: n }) => verified === false || n.length > 0);

    const run = await this.#run(testCaseId, environment);
    if (label.isIncomplete)
      return run.status === "passed"
        ? judged("false green", "it says too little")
        : judged(isSaid ? "right" : "wrong", warnings.join(" | "));
    if (run.status !== "passed")
      return judged(isSaid ? "said" : "wrong", warnings.join(" | ") || run.error_message || "");
    const unseen: string[] = [];
    for (const defect of label.defects) {
      const other = await this.#environmentOf(application, broken(application, defect));
      if ((await this.#run(testCaseId, other)).status === "passed") unseen.push(defect);
    }
    return unseen.length === 0 ? judged("right", "") : judged("false green", unseen.join(", "));
  }

  async #run(
    testCaseId: number,
    environment: string,
  ): Promise<{ status: string; error_message: string | null }> {
    const run = this.#client.executeAll(testCaseId, { environment, on_failure: "stop" });
    await run.result;
    return await this.#testApp.get(`/api/runs/${await run.accepted}`);
  }

  #environmentOf(application: LabelledApplication, html: string): Promise<string> {
    const known = this.#environments.get(html);
    if (known !== undefined) return known;
    const made = this.#createEnvironment(application, html, this.#environments.size + 1);
    this.#environments.set(html, made);
    return made;
  }

  async #createEnvironment(
    { name, variables, secrets }: LabelledApplication,
    html: string,
    number: number,
  ): Promise<string> {
    const { url, close } = await serve(html);
    this.#closing.push(close);
    const environment = {
      name: `${name}-${number}`,
      base_url: `${url}/${name}`,
      variables,
      secrets: Object.fromEntries(Object.keys(secrets).map((secret) => [secret, secretName(name, secret)])),
    };
    const response = await fetch(`http://${this.#testApp.address}/api/environments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(environment),
    });
    if (!response.ok) throw new Error(await response.text());
    return environment.name;
  }
}
