// Part of `npm run build`: puts the command line, and what each command loads, into a few files in dist/bin. As modules of
// their own they are a thousand, and reading them takes a third of the processor time of a short `stepwire run`.
import { readFile, rm } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { build } from "esbuild";

const SOURCES = resolve("src");

/** Packages of many small files that a run loads. All others stay where they are installed. */
const INLINED = [
  "@prisma/adapter-libsql",
  "commander",
  "css-selector-parser",
  "pino",
  "pngjs",
  "selenium-webdriver",
  "ws",
  "yaml",
  "zod",
];

/** Lets each of our modules find files of the package from where it stands in `dist`, whichever file it is in now. */
const ownAddresses = {
  name: "own-addresses",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!path.startsWith(SOURCES)) return undefined;
      const place = JSON.stringify(
        `../${relative(SOURCES, path).replace(/\.ts$/, ".js").replaceAll("\\", "/")}`,
      );
      const text = await readFile(path, "utf8");
      return {
        contents: text.replaceAll("import.meta.url", `new URL(${place}, import.meta.url).href`),
        loader: "ts",
      };
    });
  },
};

const { dependencies } = JSON.parse(await readFile("package.json", "utf8"));
await rm("dist/bin", { recursive: true, force: true });
await build({
  entryPoints: { stepwire: "src/cli/main.ts" },
  outdir: "dist/bin",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: [
    ...Object.keys(dependencies).filter((name) => !INLINED.includes(name)),
    // Native, and chosen by the system when it is installed.
    "libsql",
    // A server loads its own modules: it runs for days and starts once.
    "../serve.js",
  ],
  plugins: [ownAddresses],
  // CommonJS has these; modules do not.
  banner: {
    js: [
      `import { createRequire as createBundledRequire } from "node:module";`,
      `const require = createBundledRequire(import.meta.url);`,
      `const __dirname = import.meta.dirname;`,
    ].join("\n"),
  },
});
