import { matchesHost, plainHost } from "../../hosts/allowed-hosts.js";
import { COMMANDS, LOCATORS, type Action, type Command, type LocatorType } from "../../protocol/commands.js";
import { callPage } from "../ask-page.js";
import type { HostBond } from "../page/requests.js";
import type { Page, Variables } from "../ports.js";

/** Rules on what may be done with a secret, and where. */

/** Fields whose texts never leave the server: they are compared, kept or told. */
const STAYS = /^(?:description|ignore|expected_\w+|message|variable|attribute|property|match|action)$/;
/** Texts that are not for the page that is open, or not yet: the command itself checks for which host they are. */
const CHECKED_LATER: ReadonlySet<string> = new Set([
  "input.text",
  "edit_content.text",
  "set_cookie.value",
  "set_http_credentials.username",
  "set_http_credentials.password",
]);
/** Commands whose fields any page may read, or any server be asked with. */
const FOR_ANY_PAGE: ReadonlySet<Action> = new Set<Action>(["mock_response", "block_requests"]);
/** A text that no page is given, as it is kept in a variable. */
const KEPT = "set_variable.value";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Refuses to use a secret where none may be used.
 *
 * @param command as it is written, with its places
 * @throws Error with the remedy
 */
export function refuseMisuse(command: Command, variables: Pick<Variables, "secretsOf">): void {
  for (const field of COMMANDS[command.action].urls) {
    const [name] = secretsIn((command as Fields)[field], variables);
    if (name !== undefined)
      throw new Error(
        `the secret '${name}' would come into a URL, which servers, proxies and the browser's history keep; type it into a field`,
      );
  }
  if (FOR_ANY_PAGE.has(command.action)) refuseForAnyPage(command, variables);
  if (command.action === "wait_for_request" || command.action === "verify_request")
    refuseInAddresses(command.url, variables);
  refuseInPatterns(command, variables);
  refuseInSelectors(command, variables);
}

function refuseForAnyPage(command: Command, variables: Pick<Variables, "secretsOf">): void {
  const [name] = secretsIn({ ...command, description: "" }, variables);
  if (name !== undefined)
    throw new Error(
      `the secret '${name}' would come to whatever page asks for such an address; write it without a secret`,
    );
}

function refuseInAddresses(url: unknown, variables: Pick<Variables, "secretsOf">): void {
  const [name] = secretsIn(url, variables);
  if (name !== undefined)
    throw new Error(
      `the secret '${name}' would be part of a pattern, which can ask for its parts; write '*' in its place`,
    );
}

function refuseInPatterns(command: Command, variables: Pick<Variables, "secretsOf">): void {
  // The name of a file is compared as a glob unless the command says otherwise; nothing else is.
  const usual = "expected_file_name" in command ? "glob" : undefined;
  const match = "match" in command ? (command.match ?? usual) : usual;
  if (match !== "regex" && match !== "glob") return;
  for (const [field, value] of Object.entries(command as Fields)) {
    if (field === "description" || !isCompared(field)) continue;
    const [name] = secretsIn(value, variables);
    if (name !== undefined)
      throw new Error(
        `the secret '${name}' would be part of a pattern, which can ask for its parts; compare it whole, with "match": "equals" or "contains"`,
      );
  }
}

function isCompared(field: string): boolean {
  return (
    field.startsWith("expected_") ||
    field === "ignore" ||
    field === "title" ||
    field === "url" ||
    field === "message"
  );
}

/** Selectors and XPath can take a text apart and ask for its beginning. */
function refuseInSelectors(value: unknown, variables: Pick<Variables, "secretsOf">): void {
  if (typeof value !== "object" || value === null) return;
  const { locator_type: type, locator_value: text, exclude } = value as Fields;
  const own = isLocatorType(type) ? LOCATORS[type].value : "text";
  const [inLocator] = own === "text" ? [] : secretsIn(text, variables);
  const [name = inLocator] = secretsIn(exclude, variables);
  const kind = name === inLocator ? own : "CSS selector";
  if (name !== undefined)
    throw new Error(
      `the secret '${name}' would be part of a ${kind}, which can ask for its parts; find the element by its text, label or another locator`,
    );
  for (const inner of Object.values(value)) refuseInSelectors(inner, variables);
}

function isLocatorType(type: unknown): type is LocatorType {
  return typeof type === "string" && Object.hasOwn(LOCATORS, type);
}

/** Names of the secrets that a value brings along, at any depth. */
function secretsIn(value: unknown, variables: Pick<Variables, "secretsOf">): readonly string[] {
  if (typeof value === "string") return value.includes("${") ? variables.secretsOf(value) : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((inner) => secretsIn(inner, variables));
}

/** The bonds of secrets by their names. */
export function bondsTo(names: readonly string[], variables: Pick<Variables, "hostsOf">): HostBond[] {
  return names.flatMap((name) => {
    const hosts = variables.hostsOf(name).map(plainHost);
    if (hosts.length === 0) return [];
    const refusal = `the secret '${name}' may be used on ${hosts.join(", ")} only (SECRET_${name}_HOSTS names the hosts)`;
    return [{ hosts, refusal }];
  });
}

/**
 * Refuses to give the page a secret that is bound to other hosts.
 *
 * @param command as it is written, with its places
 * @throws Error that names the secret, the host and the remedy
 */
export async function keepToHosts(
  command: Command,
  { page, variables, signal }: { page: Page; variables: Variables; signal: AbortSignal },
): Promise<void> {
  const given = Object.entries(command as Fields).filter(([field]) => {
    const place = `${command.action}.${field}`;
    return !STAYS.test(field) && !CHECKED_LATER.has(place) && place !== KEPT;
  });
  const names = given.flatMap(([, value]) => secretsIn(value, variables));
  await refuseElsewhere(bondsTo([...new Set(names)], variables), page, signal);
}

/** Nobody can say to whom a document without an address of its own belongs. */
const HOST = `() => /^https?:$/.test(location.protocol) ? location.hostname : ""`;

/** @throws Error when the current frame is of another host than one of the bonds allows */
export async function refuseElsewhere(
  bonds: readonly HostBond[],
  page: Page,
  signal: AbortSignal,
): Promise<void> {
  if (bonds.length === 0) return;
  const host = page.openDialog ? hostOf(await page.url(signal)) : await callPage(page, HOST, "", signal);
  const plain = plainHost(host);
  const isListed = (pattern: string) => plain !== "" && matchesHost(plain, pattern);
  const broken = bonds.find(({ hosts }) => !hosts.some(isListed));
  if (broken === undefined) return;
  const where = host === "" ? "a document without a host" : `'${host}'`;
  throw new Error(`${broken.refusal}, and this is ${where}; nothing was typed`);
}

/**
 * Refuses to give a host's servers a secret that is bound to others.
 *
 * @param domain a host, with a dot in front when its subdomains are meant too
 * @throws Error with the remedy
 */
export function refuseUnbound(domain: string, bonds: readonly HostBond[]): void {
  const host = plainHost(domain.replace(/^\./, ""));
  const isListed = (hosts: readonly string[]) =>
    domain.startsWith(".")
      ? hosts.includes(`*.${host}`)
      : hosts.some((pattern) => matchesHost(host, pattern));
  const broken = bonds.find(({ hosts }) => !isListed(hosts));
  if (broken !== undefined) throw new Error(`${broken.refusal}, and this would be for '${domain}'`);
}

function hostOf(url: string): string {
  return /^https?:/.test(url) ? new URL(url).hostname : "";
}
