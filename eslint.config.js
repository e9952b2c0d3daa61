import { readdir } from "node:fs/promises";
import js from "@eslint/js";
import { importX } from "eslint-plugin-import-x";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import tseslint from "typescript-eslint";

/** A folder of src, with what it may import of the others beside itself. `ports.ts` files are open to all. */
const MAY_IMPORT = {
  protocol: [],
  async: [],
  hosts: ["protocol", "async"],
  limits: ["async"],
  auth: ["protocol", "async", "hosts", "own-command.ts"],
  cases: ["protocol", "async"],
  runner: ["protocol", "async", "hosts"],
  browser: ["protocol", "async", "hosts", "runner/page/calls/sliced-answers.ts", "own-command.ts"],
  execution: ["protocol", "async", "wakes"],
  generation: ["protocol", "async", "formats", "hosts/allowed-hosts.ts"],
  formats: ["protocol", "async", "cases/import-plan.ts"],
  video: [],
  disk: ["protocol", "async"],
  metrics: ["protocol", "execution/queue/queue.ts"],
  webhooks: ["protocol", "async", "hosts"],
  schedules: ["protocol", "async", "wakes"],
  tracing: ["protocol", "async", "execution/observers/observer.ts", "generation/openai/language-model.ts"],
  db: ["protocol", "async", "wakes", "disk/full.ts", "own-command.ts"],
  wakes: [],
  connection: ["protocol", "async", "hosts"],
  handlers: [
    "protocol",
    "connection/router.ts",
    "cases/step-scripts.ts",
    "execution/controls.ts",
    "execution/service.ts",
    "generation/service.ts",
    "generation/wire.ts",
  ],
  reports: ["protocol", "html.ts"],
  http: [
    "protocol",
    "auth",
    "cases",
    "async",
    "hosts",
    "reports",
    "html.ts",
    "own-command.ts",
    "execution/controls.ts",
    "execution/service.ts",
    "generation/service.ts",
    "generation/wire.ts",
    "formats",
    "schedules",
  ],
  client: ["protocol"],
  doctor: [
    "async",
    "hosts/addresses.ts",
    "browser/setup",
    "db/index.ts",
    "browsers.ts",
    "config.ts",
    "file-handles.ts",
    "start-checks.ts",
  ],
  cli: [
    "protocol",
    "async",
    "auth",
    "cases",
    "client",
    "doctor",
    "hosts/addresses.ts",
    "generation/service.ts",
    "reports",
    "formats",
    "db/index.ts",
    "browsers.ts",
    "generators.ts",
    "services.ts",
    "serve.ts",
    "start-checks.ts",
    "config.ts",
    "logger.ts",
    "one-line.ts",
  ],
  demo: ["protocol", "cases"],
};

const FOLDERS = Object.keys(MAY_IMPORT);

const folders = await readdir(new URL("src", import.meta.url), { withFileTypes: true });
const unknown = folders.filter((entry) => entry.isDirectory() && !FOLDERS.includes(entry.name));
if (unknown.length > 0) {
  const names = unknown.map(({ name }) => `src/${name}`).join(", ");
  throw new Error(`MAY_IMPORT in eslint.config.js does not say what ${names} may import.`);
}

const zones = FOLDERS.map((folder) => ({
  target: `./src/${folder}`,
  from: "./src",
  except: [
    `./${folder}`,
    ...MAY_IMPORT[folder].map((path) => `./${path}`),
    ...FOLDERS.map((other) => `./${other}/ports.ts`),
  ],
  message: `src/${folder} may import itself, ports and: ${MAY_IMPORT[folder].join(", ") || "nothing else"}.`,
}));

/** Packages at the edges of the system, each behind one folder. */
const onlyIn = (folders, packages) => ({
  files: ["src/**/*.ts"],
  ignores: folders,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: packages.map((name) => ({
          group: [name],
          message: `Only ${folders.join(", ")} may import ${name}.`,
        })),
      },
    ],
  },
});

export default tseslint.config(
  {
    ignores: [
      "dist",
      "dist-test",
      "data",
      "coverage",
      "src/db/generated",
      "src/db/postgres/generated",
      "**/*.generated.ts",
      "src/runner/page/ivya",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "scripts/*.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [
        createTypeScriptImportResolver({ project: ["tsconfig.json", "src/runner/page/tsconfig.json"] }),
      ],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "max-depth": ["error", 3],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", 4],
      "no-console": "off",
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Only main.ts reads the environment." },
        { object: "AbortSignal", property: "timeout", message: "It may never abort; use timeoutSignal." },
      ],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Destructuring a port made of closures is fine, and no class of ours hands out its methods.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      "@typescript-eslint/require-await": "off",
      // ws has one class with two declarations, for ESM and CommonJS, that this rule takes for two classes.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  onlyIn(
    [
      "src/http/**",
      "src/app.ts",
      "src/entrance.ts",
      "src/connection/ws-socket.ts",
      "src/browser/command-socket.ts",
      "src/cli/run/server-runs.ts",
      "src/db/**",
    ],
    ["fastify", "@fastify/*", "ws"],
  ),
  {
    files: ["src/db/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["fastify", "@fastify/*", "ws"] }] },
  },
  {
    files: ["src/main.ts", "src/cli/main.ts", "scripts/**", "test/**", "*.ts"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: ["test/**"],
    rules: {
      "max-lines": "off",
      "max-params": "off",
      // A fixture without others before it takes nothing of the first parameter, which has to be a pattern.
      "no-empty-pattern": "off",
      // What a server answers has no type in a test: the assertion on it is the check.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/restrict-template-expressions": "off",
    },
  },
  {
    files: ["**/*.js"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
