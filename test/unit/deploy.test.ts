import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseConfig, VARIABLES } from "../../src/config.js";

const text = (path: string) => readFileSync(path, "utf8");
const { version, scripts } = JSON.parse(text("package.json")) as {
  version: string;
  scripts: Record<"start", string>;
};

/** As Compose reads it, with a value for each variable that it takes from deploy/.env. */
function compose(file: string) {
  const values: Record<string, string> = { ADMIN_TOKEN: `stw_${"a".repeat(64)}` };
  const filled = text(`deploy/${file}`).replace(
    /\$\{(\w+)(:[?-])[^}]*\}/g,
    (_whole, name: string, kind: string) => (kind === ":-" ? "" : (values[name] ?? "f".repeat(64))),
  );
  return parse(filled, { merge: true });
}

const dockerfile = text("deploy/Dockerfile");
const unit = text("deploy/systemd/stepwire.service");

/** The variables of the image, which Compose and Kubernetes add theirs to. */
const ofImage = Object.fromEntries(
  [...(/^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)?.[1] ?? "").matchAll(/([A-Z_]+)=(\S+)/g)].map(
    ([, name, value]) => [name, value],
  ),
);
const ofUnit = Object.fromEntries(
  [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [
    name,
    value?.replace("%S", "/var/lib"),
  ]),
);

const single = compose("compose.yaml").services.server;
const { services: scaled } = compose("compose.scale.yaml");
const servers = Object.keys(scaled).filter((name) => name.startsWith("server-"));

const CHART = "deploy/helm/stepwire";
const values = parse(text(`${CHART}/values.yaml`));
const templates = (await readdir(`${CHART}/templates`)).map((name) => text(`${CHART}/templates/${name}`));
const deployment = text(`${CHART}/templates/deployment.yaml`);
const ofChart = [...deployment.matchAll(/^ +- name: ([A-Z_]+)$/gm)].map(([, name]) => name);

test.for([
  ["the image", Object.keys(ofImage)],
  ["compose.yaml", Object.keys(single.environment)],
  ["compose.scale.yaml", Object.keys(scaled["server-1"].environment)],
  ["the chart", ofChart],
  ["the systemd unit", Object.keys(ofUnit)],
] as const)("every variable that %s sets is one that the server reads", ([, names]) => {
  expect(names.length).toBeGreaterThan(3);
  expect([...VARIABLES, "NODE_ENV", "HOME"]).toEqual(expect.arrayContaining([...names]));
});

test("the server takes the values that the image, Compose and the systemd unit set", () => {
  const alone = parseConfig({ ...ofImage, ...single.environment });
  expect(alone).toMatchObject({
    HOST: "0.0.0.0",
    DATABASE_URL: "file:/data/stepwire.db",
    DRAIN_TIMEOUT: 600,
  });
  const oneOfTwo = parseConfig({ ...ofImage, ...scaled["server-1"].environment });
  expect(oneOfTwo).toMatchObject({ SELENIUM_REMOTE_URL: "http://grid:4444", METRICS: true, TRUST_PROXY: 1 });
  expect(parseConfig(ofUnit)).toMatchObject({ DATABASE_URL: "file:/var/lib/stepwire/stepwire.db" });
});

test("everything has the package's version", () => {
  expect(parse(text(`${CHART}/Chart.yaml`))).toMatchObject({ version, appVersion: version });
  const tags = [dockerfile, text("deploy/compose.yaml"), text("deploy/compose.scale.yaml")].flatMap((file) =>
    [...file.matchAll(/\bstepwire:([\d.]+)/g)].map(([, tag]) => tag),
  );
  expect(tags.length).toBeGreaterThan(3);
  expect(new Set(tags)).toEqual(new Set([version]));
});

test("the image and the systemd unit start Node with the flags of npm start", () => {
  const flags = [...scripts.start.matchAll(/--\S+/g)].map(([flag]) => flag);
  expect(flags.length).toBeGreaterThan(0);
  const command = JSON.parse(/^CMD (.*)$/m.exec(dockerfile)?.[1] ?? "") as string[];
  expect(command).toEqual(["node", ...flags, "dist/main.js"]);
  expect(unit).toContain(`ExecStart=/usr/bin/node ${flags.join(" ")} /opt/stepwire/dist/main.js`);
});

test("the ports agree", () => {
  const { PORT } = parseConfig(ofImage);
  expect(dockerfile).toContain(`EXPOSE ${PORT}\n`);
  expect(single.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`]);
  expect(deployment).toContain(`containerPort: ${PORT} `);
  const targets = servers.map((name) => `${name}:${PORT}`);
  const upstreams = [...text("deploy/nginx/stepwire.conf").matchAll(/^ +server (\S+)/gm)].map(([, at]) => at);
  const { scrape_configs: scraped } = parse(text("deploy/prometheus/prometheus.yml"));
  expect(servers).toHaveLength(2);
  expect(upstreams).toEqual(targets);
  expect(scraped[0].static_configs[0].targets).toEqual(targets);
});

test("whatever stops a server waits longer than its runs may take to end", () => {
  const seconds = (minutes: string | undefined) => 60 * Number(/^(\d+)m(in)?$/.exec(minutes ?? "")?.[1]);
  for (const { environment, stop_grace_period: wait } of [single, ...servers.map((name) => scaled[name])])
    expect(seconds(wait)).toBeGreaterThan(Number(environment.DRAIN_TIMEOUT) + 5);
  const { DRAIN_TIMEOUT } = parseConfig(ofUnit);
  expect(seconds(/^TimeoutStopSec=(.*)$/m.exec(unit)?.[1])).toBeGreaterThan(DRAIN_TIMEOUT + 5);
  const added = /terminationGracePeriodSeconds: \{\{ add \.Values\.drainSeconds (\d+) \}\}/.exec(deployment);
  expect(Number(added?.[1])).toBeGreaterThan(5);
});

test("the servers of Compose use no more browsers than the Grid has", () => {
  const { deploy, environment } = scaled.node;
  const slots = deploy.replicas * Number(environment.SE_NODE_MAX_SESSIONS);
  const used = servers.map((name) => Number(scaled[name].environment.BROWSER_POOL_SIZE));
  expect(used.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(slots);
});

test("servers in containers have no rights and cannot write to their root", () => {
  for (const server of [single, ...servers.map((name) => scaled[name])]) {
    expect(server).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
    expect(server.security_opt).toContain("no-new-privileges:true");
  }
  expect(dockerfile.match(/^(USER|FROM) .*$/gm)?.slice(-4)).toEqual([
    "FROM base AS server",
    "USER 1000:1000",
    "FROM base AS browser",
    "USER 1000:1000",
  ]);
});

test("each secret of Compose has a line in env.example, without a value", () => {
  const asked = ["compose.yaml", "compose.scale.yaml"].flatMap((file) =>
    [...text(`deploy/${file}`).matchAll(/\$\{(\w+):/g)].map(([, name]) => name),
  );
  const given = [...text("deploy/env.example").matchAll(/^(\w+)=$/gm)].map(([, name]) => name);
  expect(new Set(asked)).toEqual(new Set(given));
});

test("the seccomp profile refuses what it does not name, and lets Chromium make its sandbox", () => {
  const profile = JSON.parse(text("deploy/chromium-seccomp.json")) as {
    defaultAction: string;
    syscalls: { action: string; names: string[] }[];
  };
  expect(profile.defaultAction).toBe("SCMP_ACT_ERRNO");
  const allowed = profile.syscalls
    .filter(({ action }) => action === "SCMP_ACT_ALLOW")
    .flatMap(({ names }) => names);
  expect(allowed).toEqual(expect.arrayContaining(["chroot", "clone", "clone3", "unshare"]));
  for (const name of ["mount", "umount2", "pivot_root", "bpf", "init_module", "kexec_load", "reboot"])
    expect(allowed).not.toContain(name);
});

describe("the chart", () => {
  test("has values that its schema takes, and no others", () => {
    const schema = z.fromJSONSchema(JSON.parse(text(`${CHART}/values.schema.json`)));
    expect(schema.safeParse(values).error).toBeUndefined();
    expect(schema.safeParse({ ...values, replica: 2 }).success).toBe(false);
    expect(schema.safeParse({ ...values, replicas: "2" }).success).toBe(false);
  });

  test("uses values that it has", () => {
    const used = new Set(
      templates.flatMap((template) => [...template.matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path)),
    );
    expect(used.size).toBeGreaterThan(20);
    for (const path of used) expect(values).toHaveProperty(path ?? "");
  });
});

test.for([
  "prometheus/prometheus.yml",
  "grafana/provisioning/datasources/prometheus.yaml",
  "grafana/provisioning/dashboards/stepwire.yaml",
])("%s is YAML, and mounted by Compose", (path) => {
  expect(parse(text(`deploy/${path}`))).toBeTypeOf("object");
  const services = Object.values<{ volumes?: string[] }>(scaled);
  const mounted = services.flatMap(({ volumes = [] }) => volumes);
  expect(mounted.some((volume) => `./${path}`.startsWith(volume.split(":")[0] ?? " "))).toBe(true);
});
