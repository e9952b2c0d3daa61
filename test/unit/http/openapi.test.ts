import { expect, test } from "vitest";
import { buildOpenApi } from "../../../src/http/index.js";
import * as accessSchemas from "../../../src/http/access-schemas.js";
import * as scheduleSchemas from "../../../src/http/schedule-schemas.js";
import * as schemas from "../../../src/http/schemas.js";
import { NewEnvironment } from "../../../src/protocol/environments.js";
import { parseScript } from "../../../src/protocol/script.js";

interface Schema {
  examples?: unknown[];
  $ref?: string;
}

interface Operation {
  operationId?: string;
  summary?: string;
  requestBody?: {
    required?: boolean;
    content: Record<string, { schema: Schema; example?: unknown }>;
  };
  responses: Record<string, { content?: object }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

test("the OpenAPI document has every route of the contract, each with its answers", async () => {
  const document = (await buildOpenApi()) as Document;

  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.sort()).toEqual(
    [
      "GET /api/test-cases",
      "GET /api/test-cases/{id}/runs",
      "GET /api/test-cases/{id}/history",
      "GET /api/test-cases/{id}/baselines",
      "POST /api/test-cases/{id}/baselines",
      "GET /api/test-cases/{id}/baselines/{baselineId}",
      "DELETE /api/test-cases/{id}/baselines/{baselineId}",
      "GET /api/runs",
      "POST /api/test-cases/{id}/run",
      "POST /api/test-steps/{id}/run",
      "POST /api/runs/{id}/cancel",
      "POST /api/runs/{id}/pause",
      "POST /api/runs/{id}/resume",
      "POST /api/runs/{id}/step",
      "POST /api/test-cases",
      "GET /api/test-cases/{id}",
      "PUT /api/test-cases/{id}",
      "PATCH /api/test-cases/{id}",
      "DELETE /api/test-cases/{id}",
      "POST /api/test-cases/{id}/approve",
      "POST /api/test-cases/{id}/steps",
      "PUT /api/test-cases/{id}/steps/{stepId}",
      "PATCH /api/test-cases/{id}/steps/{stepId}",
      "DELETE /api/test-cases/{id}/steps/{stepId}",
      "POST /api/test-cases/generate",
      "POST /api/test-cases/{id}/generate-all-selenium",
      "POST /api/test-steps/{id}/generate-selenium",
      "POST /api/test-steps/{id}/offered-checks/{index}/accept",
      "PUT /api/test-steps/{id}/update-selenium",
      "GET /api/runs/{id}",
      "GET /api/runs/{id}/events",
      "GET /api/runs/{id}/artifacts",
      "GET /api/runs/{id}/comparison",
      "GET /api/runs/{id}/trace",
      "GET /api/runs/{id}/report",
      "GET /api/reports",
      "GET /api/environments",
      "POST /api/environments",
      "GET /api/environments/{name}",
      "PUT /api/environments/{name}",
      "DELETE /api/environments/{name}",
      "GET /api/schedules",
      "POST /api/schedules",
      "GET /api/schedules/{id}",
      "PATCH /api/schedules/{id}",
      "DELETE /api/schedules/{id}",
      "POST /api/import",
      "GET /api/export",
      "GET /api/ai/usage",
      "GET /api/artifacts/{id}",
      "GET /api/artifacts/{id}/url",
      "GET /api/stats",
      "POST /api/session",
      "GET /api/session",
      "DELETE /api/session",
      "GET /api/tokens",
      "POST /api/tokens",
      "DELETE /api/tokens/{id}",
      "GET /api/audit",
      "GET /api/webhook-deliveries",
      "POST /api/webhook-deliveries/{id}/redeliver",
      "GET /asyncapi.json",
      "GET /healthz",
      "GET /readyz",
    ].sort(),
  );
  for (const { summary, responses } of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    expect(summary).toBeTruthy();
    expect(Object.keys(responses).some((status) => /^20\d$/.test(status))).toBe(true);
    for (const response of Object.values(responses)) expect(response.content).toBeDefined();
  }
});

test("every reference in the document leads somewhere, and nothing is left without one", async () => {
  const document = (await buildOpenApi()) as Document;

  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name,
  );

  expect([...new Set(references)].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

test("the document is the same each time it is made", async () => {
  expect(JSON.stringify(await buildOpenApi())).toBe(JSON.stringify(await buildOpenApi()));
});

test("every operation has a name of its own", async () => {
  const document = (await buildOpenApi()) as Document;

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ route: `${method} ${path}`, operationId })),
  );
  expect(operations.filter(({ operationId }) => operationId === undefined)).toEqual([]);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test("scripts have their type, and a body that may be left out is not required", async () => {
  const { paths, components } = (await buildOpenApi()) as Document;

  const { NewTestStepInput, ClickCommand } = components.schemas as Record<string, { properties: object }>;
  expect(JSON.stringify(NewTestStepInput)).toContain(
    `{"type":"array","items":{"$ref":"#/components/schemas/Command"}}`,
  );
  expect(ClickCommand).toMatchObject({ properties: { action: { const: "click" } } });
  expect(paths["/api/test-cases/{id}/run"]?.["post"]?.requestBody).toMatchObject({
    required: false,
    content: { "application/json": { schema: { type: "object" } } },
  });
  expect(paths["/api/test-cases"]?.["post"]?.requestBody?.required).toBe(true);
});

test("examples of bodies are whole ones, which the routes take", async () => {
  const examples = {
    NewTestCase: schemas.NewTestCase,
    NewTestStep: schemas.NewTestStep,
    TestCaseChanges: schemas.TestCaseChanges,
    TestStepChanges: schemas.TestStepChanges,
    CaseRunRequest: schemas.CaseRunRequest,
    StepRunRequest: schemas.StepRunRequest,
    GenerateRequest: schemas.GenerateRequest,
    StepGenerateRequest: schemas.StepGenerateRequest,
    SeleniumChanges: schemas.SeleniumChanges,
    AcceptedArtifact: schemas.AcceptedArtifact,
    EnvironmentChanges: schemas.EnvironmentChanges,
    NewSchedule: scheduleSchemas.NewSchedule,
    ScheduleChanges: scheduleSchemas.ScheduleChanges,
    NewEnvironment,
    NewApiToken: accessSchemas.NewApiToken,
    LoginRequest: accessSchemas.LoginRequest.unwrap().unwrap(),
  };
  const shown = JSON.stringify(await buildOpenApi());
  for (const [name, schema] of Object.entries(examples)) {
    const [example] = schema.meta()?.["examples"] as unknown[];
    expect([name, schema.safeParse(example).success]).toEqual([name, true]);
    expect(shown).toContain(JSON.stringify(example));
  }
  const { steps } = schemas.NewTestCase.parse((schemas.NewTestCase.meta()?.["examples"] as unknown[])[0]);
  expect(parseScript(steps[0]?.selenium_script_json)).toHaveLength(4);
});

test("every body that a route takes has an example", async () => {
  const { paths, components } = (await buildOpenApi()) as Document;

  const without = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const body = requestBody?.content["application/json"];
      const named = body?.schema.$ref?.replace("#/components/schemas/", "");
      const { examples } = named === undefined ? (body?.schema ?? {}) : (components.schemas[named] as Schema);
      return body === undefined || "example" in body || examples ? [] : [`${method} ${path}`];
    }),
  );
  expect(without).toEqual([]);
});
