import { html, type Html } from "../../html.js";
import type { ReportArtifact, ReportCommand, ReportStep } from "../../protocol/report.js";
import { isUnchecked } from "../report.js";
import { duration, isWrong, stepName } from "../words.js";
import { artifactName } from "../words.js";
import { artifactLinks, badge, isPicture, picture, type SectionOptions } from "./parts.js";

/** Records that are put into the file, so that it tells why a step did not pass wherever it is read. */
const INLINED: readonly ReportArtifact["kind"][] = ["console", "network", "accessibility"];

/** Most characters of a record: the rest is in the file beside the report. */
const MAX_RECORD_LENGTH = 20_000;

/** A step with its commands; open where it did not pass. */
export async function stepSection(step: ReportStep, options: SectionOptions): Promise<Html> {
  const { status, flaky, duration_ms: ms, commands, evidence, expected_result: expected } = step;
  const wrong = isWrong(step) ? commands.at(-1) : undefined;
  const records = [];
  for (const artifact of evidence.filter(({ kind }) => INLINED.includes(kind))) {
    records.push(await record(artifact, options));
  }
  const others = [...evidence, ...commands.flatMap(({ artifacts }) => artifacts)].filter(
    (artifact) => !isPicture(artifact) && !INLINED.includes(artifact.kind),
  );
  return html`<details class="step ${status}" ${isWrong(step) && "open"}>
    <summary>
      <h3>${stepName(step)}</h3>
      ${badge(status)} ${flaky && badge("flaky")} ${isUnchecked(step) && badge("unchecked")}
      <span class="soft">${ms !== null && step.started_at !== null && duration(ms)}</span>
    </summary>
    <div>
      <dl>
        ${
          expected !== "" &&
          html`<dt>Expected</dt>
            <dd>${expected}</dd>`
        }
        ${
          step.error_message !== null &&
          html`<dt>Seen</dt>
            <dd class="wrong">${step.error_message}</dd>`
        }
        ${
          wrong !== undefined &&
          html`<dt>Command</dt>
            <dd>${wrong.number}. ${wrong.message}</dd>`
        }
        ${
          wrong?.locator != null &&
          html`<dt>Locator</dt>
            <dd><code>${wrong.locator.type}: ${wrong.locator.value}</code></dd>`
        }
      </dl>
      <div class="pictures">${await pictures(step, options)}</div>
      ${commands.length > 0 && html`<h4>Commands</h4>`}
      <ol class="commands">
        ${commands.map((command) => commandItem(command, command === wrong))}
      </ol>
      ${records} ${artifactLinks(others, options)}
    </div>
  </details>`;
}

/** The page at the end of the step, or when it was judged. */
async function pictures(
  { status, commands, evidence }: ReportStep,
  options: SectionOptions,
): Promise<Html[]> {
  const judged = evidence.filter(({ kind }) => kind === "screenshot");
  const made = [...evidence, ...commands.flatMap(({ artifacts }) => artifacts)];
  const compared = made.filter((artifact) => isPicture(artifact) && artifact.kind !== "screenshot");
  const last = commands.findLast((command) => command.pictures.length > 0);
  const [lastPicture] = last?.pictures.slice(-1) ?? [];
  const shown: [string, string][] = [
    ...judged.map(({ href }): [string, string] => [href, "The page when the step ended"]),
    ...new Map(compared.map((artifact) => [artifact.href, artifactName(artifact)])),
  ];
  const isKept = status !== "passed" || options.hasAllPictures;
  if (shown.length === 0 && lastPicture !== undefined && isKept) {
    shown.push([lastPicture, `The page after command ${last?.number ?? ""}`]);
  }
  const figures = [];
  for (const [href, caption] of shown) figures.push(await picture(href, caption, options));
  return figures.filter((figure) => figure !== undefined);
}

function commandItem({ number, message, duration_ms: ms, logs }: ReportCommand, isLast: boolean): Html {
  return html`<li value="${number}" class="${isLast && "last"}">
    ${message} <span class="soft">${ms !== null && duration(ms)}</span>
    ${logs.map((log) => html`<div class="soft">${log.level === "warning" && "Warning: "}${log.message}</div>`)}
  </li>`;
}

/** A record that the run has kept as JSON, a line for each entry. */
async function record(artifact: ReportArtifact, { read }: SectionOptions): Promise<Html | undefined> {
  const found = await read(artifact.href);
  if (found === undefined) return undefined;
  const text = linesOf(Buffer.from(found.bytes).toString("utf8"));
  if (text === "") return undefined;
  return html`<h4>${artifactName(artifact)}</h4>
    <pre tabindex="0">${text.slice(0, MAX_RECORD_LENGTH)}</pre>`;
}

function linesOf(json: string): string {
  const parsed = parsedOrText(json);
  if (typeof parsed === "string") return parsed;
  if (!Array.isArray(parsed)) return JSON.stringify(parsed, null, 2);
  return parsed.map(lineOf).join("\n");
}

/** A record that a newer server has kept may be no JSON. */
function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function lineOf(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return String(entry);
  const { at, ...told } = entry as Readonly<Record<string, unknown>>;
  const time = typeof at === "number" ? new Date(at).toISOString().slice(11, 23) : "";
  const values = Object.values(told).filter(
    (value) => typeof value === "string" || typeof value === "number",
  );
  return [time, ...values].join(" ");
}
