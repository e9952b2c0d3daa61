import type { ArtifactReader, StoredTestCase } from "../cases/ports.js";
import type { RunEvent } from "../protocol/messages.js";
import { htmlReportOf } from "../reports/html/html-report.js";
import { reportOfRuns, toReportRun } from "../reports/report.js";
import { Archive } from "./archive.js";
import { artifactFiles, artifactIdOf, readArtifact, stepFileName } from "./artifact-files.js";
import { runDetailsToWire, type KnownRun } from "./run-wire.js";
import { testCaseToWire } from "./wire.js";

/** Bytes that go into one archive: the addresses of files in it have 32 bits. */
const MAX_CONTENT_BYTES = 4_000_000_000;

/** Media types that are compressed already: doing it again would only cost time. */
const COMPRESSED = /^(image|video|application\/octet-stream)/;

/** A run that has ended, and where all of it is read. */
export interface TracedRun {
  known: KnownRun;
  events: AsyncIterable<RunEvent[]>;
  artifacts: ArtifactReader;
}

/**
 * A zip of everything that is stored of a run, in pieces: `index.html`, which needs nothing beside it but its videos;
 * `run.json` with the run, its steps and its artifacts; `events.jsonl`; `test-case.json` and `scripts` as they are now;
 * and `artifacts`, under names that say their step and command.
 */
export async function* traceOf({ known, events, artifacts }: TracedRun): AsyncGenerator<Uint8Array> {
  const { run, report } = known;
  const archive = new Archive(run.finishedAt ?? run.createdAt);
  yield* archive.file("events.jsonl", true, lines(events));
  if (report !== undefined) yield* caseFiles(archive, report.testCase);

  const { places } = known;
  const files = artifactFiles(known.artifacts, {
    places,
    testCase: report?.testCase,
    attempts: run.attempts,
  });
  const kept = new Map<string, string>();
  let bytes = 0;
  for (const { id, size, mediaType } of known.artifacts) {
    const fits = bytes + size <= MAX_CONTENT_BYTES;
    const found = fits ? await artifacts.openArtifact(id) : undefined;
    const path = files.get(id);
    if (found === undefined || path === undefined) continue;
    bytes += size;
    kept.set(id, path);
    yield* archive.file(path, !COMPRESSED.test(mediaType), found.read() as AsyncIterable<Uint8Array>);
  }

  const details = runDetailsToWire(known);
  const listed = details.artifacts.map((artifact) => ({ ...artifact, file: kept.get(artifact.id) ?? null }));
  yield* archive.file("run.json", true, [json({ ...details, artifacts: listed })]);
  if (report !== undefined) yield* archive.file("index.html", true, page(known, { artifacts, kept }));
  yield* archive.end();
}

/** The case and the scripts of its steps, as they are when the trace is asked for. */
async function* caseFiles(archive: Archive, testCase: StoredTestCase): AsyncGenerator<Uint8Array> {
  yield* archive.file("test-case.json", true, [json(testCaseToWire(testCase))]);
  for (const step of testCase.steps) {
    const { seleniumScriptJson: script } = step;
    if (script === null) continue;
    yield* archive.file(`scripts/${stepFileName(step)}.json`, true, [Buffer.from(`${script}\n`)]);
  }
}

/** The report on the run, which links to the files beside it. */
async function* page(
  { run, report }: KnownRun,
  { artifacts, kept }: { artifacts: ArtifactReader; kept: ReadonlyMap<string, string> },
): AsyncGenerator<Uint8Array> {
  if (report === undefined) return;
  const onOne = reportOfRuns([toReportRun(report)], run.finishedAt ?? run.createdAt);
  const pieces = htmlReportOf(onOne, {
    read: (href) => readArtifact(artifacts, href),
    linkOf: (href) => kept.get(artifactIdOf(href)),
  });
  for await (const piece of pieces) yield Buffer.from(piece);
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

async function* lines(batches: AsyncIterable<RunEvent[]>): AsyncGenerator<Uint8Array> {
  for await (const events of batches) {
    yield Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  }
}
