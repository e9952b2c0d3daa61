import type { Background, GherkinDocument, Rule, Scenario } from "@cucumber/messages";

/** A part of a feature that has a name and a description: kept as the text of its cases. */
interface Named {
  line: number;
  title: string;
  description: string;
}

/** A row of Examples. */
interface Row {
  line: number;
  /** Of its Examples, with the description. */
  title: string;
  header: string[];
  cells: string[];
}

/** The parts of a document by the ids under which its compiled scenarios name them. */
export interface Nodes {
  scenarios: Scenario[];
  steps: Map<string, { keyword: string; line: number }>;
  rows: Map<string, Row>;
  /** The surroundings of a scenario: its feature, rule and backgrounds, and its own description. */
  around: Map<string, Named[]>;
}

export function nodesOf({ feature }: GherkinDocument): Nodes {
  const nodes: Nodes = { scenarios: [], steps: new Map(), rows: new Map(), around: new Map() };
  if (feature === undefined) return nodes;
  addChildren(feature.children, [toNamed(feature)], nodes);
  return nodes;
}

interface Child {
  background?: Background;
  scenario?: Scenario;
  rule?: Rule;
}

function addChildren(children: readonly Child[], outer: Named[], nodes: Nodes): void {
  const around = [...outer];
  for (const { background, scenario, rule } of children) {
    if (background !== undefined) {
      around.push(toNamed(background));
      addSteps(background, nodes);
    }
    if (rule !== undefined) addChildren(rule.children, [...around, toNamed(rule)], nodes);
    if (scenario === undefined) continue;
    nodes.scenarios.push(scenario);
    addSteps(scenario, nodes);
    addRows(scenario, nodes);
    nodes.around.set(scenario.id, [...around, { ...toNamed(scenario), title: "" }]);
  }
}

function addSteps({ steps }: Background | Scenario, nodes: Nodes): void {
  for (const { id, keyword, location } of steps) nodes.steps.set(id, { keyword, line: location.line });
}

function addRows({ examples }: Scenario, { rows }: Nodes): void {
  for (const { keyword, name, description, tableHeader, tableBody } of examples) {
    const title = [`${keyword}: ${name}`.trim(), description.trim()].filter((part) => part !== "").join("\n");
    const header = tableHeader?.cells.map(({ value }) => value) ?? [];
    for (const { id, location, cells } of tableBody) {
      rows.set(id, { line: location.line, title, header, cells: cells.map(({ value }) => value) });
    }
  }
}

function toNamed(node: {
  keyword: string;
  name: string;
  description: string;
  location: { line: number };
}): Named {
  const title = node.name === "" ? "" : `${node.keyword}: ${node.name}`;
  return { line: node.location.line, title, description: node.description };
}
