import { slugOf } from "../protocol/case-fields.js";
import { parseScript } from "../protocol/script.js";
import { matchSteps } from "./match-steps.js";
import { numberSteps } from "./numbering.js";
import type {
  CaseChange,
  EnvironmentFields,
  ImportPlan,
  NewEnvironment,
  NewTestCase,
  NumberedTestCase,
  StoredContent,
  StoredTestCase,
  TestCaseFields,
} from "./ports.js";

/** Where something stands in a file, both counted from 1. */
export interface FilePlace {
  file: string;
  line: number;
  column: number;
}

/** Cases and environments to be imported, each with its place. */
export interface ImportContent {
  cases: readonly { testCase: NewTestCase; place: FilePlace }[];
  environments: readonly { environment: NewEnvironment; place: FilePlace }[];
}

export interface ImportOptions {
  /** `create` makes every case anew; `sync` makes the stored cases those of the content, by their slugs. */
  mode: "create" | "sync";
  /** With `sync`: deletes the cases that the content does not have. @defaultValue false */
  prune?: boolean;
}

/** One thing that an import does, or finds. */
export interface ImportChange {
  /** `extra`: only stored, and left there. */
  kind: "created" | "changed" | "deleted" | "unchanged" | "extra";
  what: "test_case" | "environment";
  /** Of a case: its slug, if it has one. */
  slug: string | null;
  name: string;
  /** The names of the fields that change. */
  fields: string[];
}

export interface ImportFault extends FilePlace {
  message: string;
}

export type Planned = { plan: ImportPlan; changes: ImportChange[] } | { faults: ImportFault[] };

/** Compares what is to be imported with what is stored. Nothing is changed yet. */
export function planImport(content: ImportContent, stored: StoredContent, options: ImportOptions): Planned {
  const plan: ImportPlan = {
    createEnvironments: [],
    changeEnvironments: [],
    create: [],
    change: [],
    delete: [],
  };
  const changes: ImportChange[] = [];
  const faults: ImportFault[] = [];
  planEnvironments(content, stored, { plan, changes, faults, isSync: options.mode === "sync" });
  const known = new Set(
    [...stored.environments, ...content.environments.map(({ environment }) => environment)].map(
      ({ name }) => name,
    ),
  );
  for (const { testCase, place } of content.cases) {
    const { environment } = testCase;
    if (environment != null && !known.has(environment))
      faults.push({
        ...place,
        message: `There is no environment '${environment}'; make it first, or write it under 'environments'.`,
      });
  }
  const parts = { plan, changes, faults };
  if (options.mode === "sync") planSync(content, stored, { ...parts, prune: options.prune ?? false });
  else planCreate(content, stored, parts);
  return faults.length > 0 ? { faults } : { plan, changes };
}

interface Parts {
  plan: ImportPlan;
  changes: ImportChange[];
  faults: ImportFault[];
}

function planEnvironments(
  content: ImportContent,
  stored: StoredContent,
  { plan, changes, faults, isSync }: Parts & { isSync: boolean },
): void {
  const before = new Map(stored.environments.map((environment) => [environment.name, environment]));
  const places = new Map<string, FilePlace>();
  for (const { environment, place } of content.environments) {
    const { name } = environment;
    const first = places.get(name);
    if (first !== undefined)
      faults.push({ ...place, message: `The environment '${name}' stands at ${show(first)} too; keep one.` });
    places.set(name, place);
    const found = before.get(name);
    const fields = found === undefined ? [] : changedFields(environment, found);
    const kind = found === undefined ? "created" : fields.length > 0 ? "changed" : "unchanged";
    changes.push({ kind, what: "environment", slug: null, name, fields });
    if (kind === "created") plan.createEnvironments.push(environment);
    if (kind === "changed" && isSync) plan.changeEnvironments.push(environment);
    if (kind === "changed" && !isSync)
      faults.push({
        ...place,
        message: `There is another environment '${name}' already (${fields.join(", ")} differ). Use sync to change it, or give this one another name.`,
      });
  }
}

function changedFields(environment: NewEnvironment, before: EnvironmentFields): string[] {
  const given = {
    base_url: environment.baseUrl ?? null,
    variables: environment.variables ?? {},
    secrets: environment.secrets ?? {},
  };
  const had = { base_url: before.baseUrl, variables: before.variables, secrets: before.secrets };
  return Object.keys(given).filter(
    (field) => !isSame(given[field as keyof typeof given], had[field as keyof typeof had]),
  );
}

function planCreate({ cases }: ImportContent, stored: StoredContent, { plan, changes, faults }: Parts): void {
  const taken = new Map(stored.cases.map(({ slug, name }) => [slug, `test case '${name}'`]));
  for (const { testCase, place } of cases) {
    const { slug = null, name } = testCase;
    const owner = slug === null ? undefined : taken.get(slug);
    if (owner !== undefined) {
      faults.push({
        ...place,
        message: `The slug '${slug}' is that of ${owner} already. Use sync to change that case, or give this one another slug.`,
      });
      continue;
    }
    if (slug !== null) taken.set(slug, show(place));
    plan.create.push(numbered(testCase));
    changes.push({ kind: "created", what: "test_case", slug, name, fields: [] });
  }
}

function planSync(
  { cases }: ImportContent,
  stored: StoredContent,
  { plan, changes, faults, prune }: Parts & { prune: boolean },
): void {
  const slugs = slugsOf(stored.cases);
  const before = new Map(stored.cases.map((testCase) => [slugs.get(testCase.id), testCase]));
  const places = new Map<string, FilePlace>();
  for (const { testCase, place } of cases) {
    const slug = testCase.slug ?? slugOf(testCase.name);
    const first = places.get(slug);
    if (first !== undefined) {
      faults.push({
        ...place,
        message: `The slug '${slug}' is that of ${show(first)} too; give this case another 'slug'.`,
      });
      continue;
    }
    places.set(slug, place);
    const given = numbered({ ...testCase, slug });
    const found = before.get(slug);
    const change = found && compare(found, given);
    const fields = change === undefined ? [] : changedNames(change);
    const kind = found === undefined ? "created" : fields.length > 0 ? "changed" : "unchanged";
    changes.push({ kind, what: "test_case", slug, name: testCase.name, fields });
    if (kind === "created") plan.create.push(given);
    else if (kind === "changed" && change !== undefined) plan.change.push(change);
  }
  for (const testCase of stored.cases) {
    const slug = slugs.get(testCase.id) ?? null;
    if (slug !== null && places.has(slug)) continue;
    if (prune) plan.delete.push(testCase);
    changes.push({
      kind: prune ? "deleted" : "extra",
      what: "test_case",
      slug,
      name: testCase.name,
      fields: [],
    });
  }
}

/** The slug of each case: its own, or one made of its name, so that no two are the same. */
export function slugsOf(cases: readonly Pick<StoredTestCase, "id" | "name" | "slug">[]): Map<number, string> {
  const taken = new Set(cases.flatMap(({ slug }) => slug ?? []));
  const slugs = new Map<number, string>();
  for (const { id, name, slug } of cases.toSorted((a, b) => a.id - b.id)) {
    const plain = slugOf(name);
    let own = slug ?? plain;
    for (let number = 2; slug === null && taken.has(own); number++) own = `${plain}-${number}`;
    taken.add(own);
    slugs.set(id, own);
  }
  return slugs;
}

function numbered(testCase: NewTestCase): NumberedTestCase {
  return { ...testCase, steps: numberSteps(testCase.steps) };
}

/** Names of the fields on the wire, by their names here. */
const FIELDS: Readonly<Record<string, string>> = {
  name: "name",
  description: "description",
  status: "status",
  assignedTo: "assigned_to",
  requirements: "requirements",
  testCaseVersion: "test_case_version",
  slug: "slug",
  tags: "tags",
  environment: "environment",
  typingDelay: "typing_delay",
};

function compare(before: StoredTestCase, { steps, ...given }: NumberedTestCase): CaseChange {
  const fields = Object.entries(given).filter(
    ([field, value]) =>
      value !== undefined && field in FIELDS && !isSame(value, before[field as keyof TestCaseFields]),
  );
  return {
    before,
    fields: Object.fromEntries(fields),
    steps: matchSteps(before.steps, steps, { isSameScript }),
  };
}

function changedNames({ fields, steps }: CaseChange): string[] {
  const changed = steps.filter(({ kind }) => kind !== "same").map(({ number }) => `step ${number}`);
  return [...Object.keys(fields).map((field) => FIELDS[field] ?? field), ...changed];
}

/** Scripts are the same when their commands are, however they are written. */
function isSameScript(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && commandsOf(a) === commandsOf(b));
}

function commandsOf(script: string): string {
  try {
    return JSON.stringify(parseScript(script));
  } catch {
    return script;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  // Tags, which have no order.
  if (Array.isArray(value)) return value.toSorted();
  const isMapping = typeof value === "object" && value !== null;
  return isMapping ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)) : value;
}

function show({ file, line }: FilePlace): string {
  return `${file}:${line}`;
}
