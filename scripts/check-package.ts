/**
 * `npm run package:check`: packs what `npm run build` wrote, looks the tarball over, installs it into an empty folder and
 * does there what people and pipelines do, the shell parts of docs/ci.md among it.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { parse } from "yaml";

interface Ended {
  code: number | null;
  output: string;
}

/** Runs a line of a shell to its end, and shows what it says. */
function shell(line: string, cwd: string, environment: Record<string, string> = {}): Promise<Ended> {
  console.log(`$ ${line}`);

  const env = { ...process.env, NO_COLOR: "1", ...environment };
  const child = spawn("sh", ["-c", line], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      process.stdout.write(text);
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

async function expectDone(line: string, cwd: string): Promise<string> {
  const { code, output } = await shell(line, cwd);
  assert.equal(code, 0, `${line} ended with ${code}`);
  return output;
}

async function lookOver(tarball: string): Promise<void> {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
    "publint",
  );
  // The package is for Node.js from 20.19 on and for bundlers, which all know modules.
  await expectDone(`npx --no-install attw --profile esm-only ${tarball}`, process.cwd());
}

/** The lines of the pipelines in docs/ci.md, in their order. */
async function pipelineLines(): Promise<string[]> {
  const page = await readFile("docs/ci.md", "utf8");
  const [github = "", gitlab = ""] = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = ""]) => text);
  const [, jenkins = ""] = /```groovy\n([^]*?)```/.exec(page) ?? [];
  const { jobs } = parse(github) as { jobs: Record<string, { steps: { run?: string }[] }> };
  const { "browser-tests": job } = parse(gitlab) as Record<
    string,
    { before_script: string[]; script: string[] }
  >;
  return [
    ...Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
    ...(job?.before_script ?? []),
    ...(job?.script ?? []),
    ...[...jenkins.matchAll(/sh '([^']+)'/g)].map(([, line = ""]) => line),
  ];
}

const folder = await mkdtemp(join(tmpdir(), "stepwire-package-"));
const site = createServer((_request, response) => {
  response.setHeader("content-type", "text/html").end("<title>Hello</title><h1>Hello</h1>");
});
try {
  await new Promise<void>((listening) => site.listen(0, "127.0.0.1", listening));
  // A server that listens on a port has an address with one.
  const { port } = site.address() as AddressInfo;
  const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
  await expectDone(`npm pack --ignore-scripts --silent --pack-destination ${folder}`, process.cwd());
  const tarball = join(folder, `stepwire-${version}.tgz`);
  await lookOver(tarball);

  const work = join(folder, "work");
  await mkdir(join(work, "cases"), { recursive: true });
  await writeFile(join(work, "package.json"), `{ "name": "shop", "private": true }\n`);
  const installed = await expectDone(
    `npm install --prefer-offline --no-audit --no-fund --save-dev ${tarball}`,
    work,
  );
  // Overrides are for this repository alone. A dependency's dependency that has left Node 20 behind is held back by one of
  // our own of an earlier version, as light-my-request is.
  assert.doesNotMatch(installed, /EBADENGINE/, "a package is not for this version of Node.js");
  assert.equal((await expectDone("npx --no-install stepwire --version", work)).trim(), version);
  const caseOf = (name: string, heading: string) =>
    JSON.stringify({
      name,
      steps: [
        {
          description: `See ${heading}`,
          script: [
            { action: "navigate", url: `http://127.0.0.1:${port}/` },
            {
              action: "verify_text",
              locator_type: "tag",
              locator_value: "h1",
              expected_text: heading,
              timeout: 3,
            },
          ],
        },
      ],
    });
  await writeFile(join(work, "case.yaml"), caseOf("Hello", "Hello"));
  assert.match(await expectDone("npx stepwire setup", work), /^Using /m);
  // Who reads this has no clone with scripts of npm.
  const doctor = await shell("npx stepwire doctor", work, { BROWSER: "edge" });
  assert.match(doctor.output, /`npx stepwire setup`/);
  await expectDone("npx stepwire validate case.yaml", work);
  await expectDone("npx stepwire run case.yaml", work);
  const made = await readdir(work);
  assert.deepEqual(made.sort(), ["case.yaml", "cases", "node_modules", "package-lock.json", "package.json"]);

  await writeFile(join(work, "cases", "goodbye.yaml"), caseOf("Goodbye", "Goodbye"));
  const summary = join(folder, "summary.md");
  const systems = {
    GITHUB_STEP_SUMMARY: summary,
    CI_PROJECT_DIR: work,
    CI_NODE_INDEX: "1",
    CI_NODE_TOTAL: "1",
  };
  const done = new Set<string>();
  for (const line of await pipelineLines()) {
    // Lines that install the machine's browser, or the package once more, prove nothing here.
    if (done.has(line) || line.startsWith("apt-get") || line === "npm ci") continue;
    done.add(line);
    await rm(join(work, "report"), { recursive: true, force: true });
    const isGitLab = line.includes("CI_NODE");
    const { CI_PROJECT_DIR, ...others } = systems;
    const { code, output } = await shell(line, work, isGitLab ? systems : others);
    assert.equal(code, 1, `${line} ended with ${code}, and its test fails`);
    assert.match(output, /1 failed/);
    assert.ok((await readdir(join(work, "report"))).includes("report.html"), `${line} wrote no report.html`);
    if (!line.includes("junit")) continue;
    const junit = await readFile(join(work, "report", "junit.xml"), "utf8");
    const [, attachment = ""] = /\[\[ATTACHMENT\|(.+\.(?:jpg|png))\]\]/.exec(junit) ?? [];
    assert.equal(attachment.startsWith("report/"), isGitLab, `${attachment} is no path for this system`);
    await readFile(resolve(CI_PROJECT_DIR, attachment));
  }
  assert.equal(done.size, 3, "docs/ci.md has three pipelines");
  assert.match(await readFile(summary, "utf8"), /1 failed/);
  console.log("The package is sound.");
} finally {
  site.close();
  await rm(folder, { recursive: true, force: true });
}
