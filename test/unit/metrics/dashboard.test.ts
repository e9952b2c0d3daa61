import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { BrowserPool } from "../../../src/execution/ports.js";
import type { RunQueue } from "../../../src/execution/queue/queue.js";
import { Metrics } from "../../../src/metrics/metrics.js";

const FILE = new URL("../../../deploy/grafana/dashboards/stepwire.json", import.meta.url);

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { query: unknown }[] };
}

/** Everything that a server with metrics has, by name, with the names of its labels. */
async function known(): Promise<Map<string, Set<string>>> {
  const metrics = new Metrics();
  metrics.connections(() => 0);
  metrics.queue({} as RunQueue);
  metrics.pool({ size: 1 } as BrowserPool);
  const found = new Map<string, Set<string>>();
  const text = await metrics.text();
  for (const [, name = "", type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const suffixes = type === "histogram" ? ["_bucket", "_count", "_sum"] : [""];
    for (const suffix of suffixes) found.set(`${name}${suffix}`, metrics.labelsOf(name));
  }
  return found;
}

test("every query of the Grafana dashboard names metrics and labels that there are", async () => {
  const dashboard = JSON.parse(await readFile(FILE, "utf8")) as Dashboard;
  const metrics = await known();
  const queries = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.map(({ query }) => JSON.stringify(query)),
  ];
  const ofPrometheus = ["job", "instance", "le"];
  for (const query of queries) {
    const names = [...query.matchAll(/\b(?:stepwire|process|nodejs)_\w+/g)].map(([name]) => name);
    expect(
      names.filter((name) => !metrics.has(name)),
      query,
    ).toEqual([]);
    const labels = names.flatMap((name) => [...(metrics.get(name) ?? [])]);
    const used = [...query.matchAll(/\bby \(([^)]*)\)|\{\{(\w+)\}\}/g)].flatMap(([, list = "", one = ""]) =>
      `${list},${one}`.split(",").map((label) => label.trim()),
    );
    const unknown = used.filter((label) => label !== "" && ![...labels, ...ofPrometheus].includes(label));
    expect(unknown, query).toEqual([]);
  }
  expect(queries.length).toBeGreaterThan(20);
});

test("every metric of the server is on the dashboard", async () => {
  const text = await readFile(FILE, "utf8");
  const own = [...(await known()).keys()].filter((name) => name.startsWith("stepwire_"));
  const families = new Set(own.map((name) => name.replace(/_(?:bucket|count|sum)$/, "")));
  expect([...families].filter((name) => !text.includes(name))).toEqual([]);
});
