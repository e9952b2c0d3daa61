import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";

const SOURCES = "src/client";

/** Files whose types are made of schemas; the package has them written out. */
const WRITTEN_OUT = ["protocol-types.ts", "rest-types.ts"];

// The union of flags is a number to TypeScript, and stands for all of them to its own functions.
const FLAGS = (ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.InTypeAlias |
  ts.NodeBuilderFlags.MultilineObjectLiterals |
  ts.NodeBuilderFlags.NoTypeReduction) as ts.NodeBuilderFlags;

/**
 * Makes the client a package of its own without any dependency: one file of code, and types that name no schema.
 *
 * @param folder that the package comes into; what is there already goes
 */
export async function writeClientPackage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { version, license } = JSON.parse(await readFile("package.json", "utf8")) as Record<string, string>;
  const manifest = {
    name: "stepwire-client",
    version,
    description: "Client of a Stepwire server, for browsers and Node.js",
    license,
    type: "module",
    sideEffects: false,
    exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await build({
    entryPoints: [`${SOURCES}/index.ts`],
    outfile: join(folder, "index.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
  });
  await writeTypes(folder);
}

async function writeTypes(folder: string): Promise<void> {
  const { config } = ts.readConfigFile("tsconfig.client.json", (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  const program = ts.createProgram(fileNames, {
    ...options,
    declaration: true,
    emitDeclarationOnly: true,
    noEmit: false,
  });
  const checker = program.getTypeChecker();
  for (const name of fileNames.map((path) => basename(path))) {
    const source = program.getSourceFile(join(SOURCES, name));
    if (source === undefined) throw new Error(`${name} is no source of the client`);
    const text = WRITTEN_OUT.includes(name) ? writtenOut(source, checker) : declarations(program, source);
    await writeFile(join(folder, name.replace(/\.ts$/, ".d.ts")), text);
  }
}

function declarations(program: ts.Program, source: ts.SourceFile): string {
  let text = "";
  program.emit(source, (_path, content) => (text = content), undefined, true);
  return text;
}

/** The types of a file with everything in them, and without a name from elsewhere. */
function writtenOut(source: ts.SourceFile, checker: ts.TypeChecker): string {
  const printer = ts.createPrinter();
  const aliases = source.statements.filter((statement) => ts.isTypeAliasDeclaration(statement));
  return aliases
    .map((alias) => {
      const type = checker.getTypeAtLocation(alias);
      const node = checker.typeToTypeNode(type, undefined, FLAGS);
      if (node === undefined) throw new Error(`${alias.name.text} cannot be written out`);
      return `export type ${alias.name.text} = ${printer.printNode(ts.EmitHint.Unspecified, node, source)};\n`;
    })
    .join("\n");
}
