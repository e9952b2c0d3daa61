import { SecretMask } from "./masking/secret-mask.js";
import { UnknownVariable, type MaskOptions, type Variables } from "./ports.js";
import { SecretOrigins } from "./secrets/origins.js";

/** Longest value of a variable, in characters. */
const MAX_VALUE_LENGTH = 1_000_000;

/** Longest text with its variables filled in, in characters. */
const MAX_FILLED_LENGTH = 2 * MAX_VALUE_LENGTH;

/** `$${`, and `${` with what there is up to its closing brace. */
const PLACES = /\$\$\{|\$\{([^{}]*)(\}?)/g;

const NAME = /^(?:(env|secret)\.)?([A-Za-z_]\w{0,63})$/;

/**
 * The variables of one run. A value is put in as it is and never looked at for further places, so that no text
 * of a page can make a script read a secret.
 */
export class RunVariables implements Variables {
  readonly #env: Readonly<Record<string, string>>;
  readonly #secrets: Readonly<Record<string, string>>;
  readonly #secretNames: Readonly<Record<string, string>> | undefined;
  readonly #values = new Map<string, string>();
  readonly #mask = new SecretMask();
  readonly #origins: SecretOrigins;

  /**
   * @param options.env what `${env.NAME}` may stand for
   * @param options.secrets what `${secret.NAME}` may stand for; short ones are masked in ordinary words too
   */
  constructor(options: {
    env: Record<string, string>;
    secrets: Record<string, string>;
    /** The only hosts on which a secret may be used, by its name. */
    secretHosts?: Record<string, readonly string[]>;
    /** The names in `secrets` by those that scripts know; empty or missing: scripts know each by its own name. */
    secretNames?: Readonly<Record<string, string>> | undefined;
  }) {
    this.#env = options.env;
    this.#secrets = options.secrets;
    const { secretHosts = {}, secretNames = {} } = options;
    this.#secretNames = Object.keys(secretNames).length === 0 ? undefined : secretNames;
    const hosts = Object.entries(secretNames).map(([name, own]) => [name, secretHosts[own] ?? []] as const);
    this.#origins = new SecretOrigins(
      this.#secretNames === undefined ? secretHosts : Object.fromEntries(hosts),
    );
  }

  fillIn(text: string): string {
    if (!text.includes("${")) return text;
    let { length } = text;
    return text.replace(PLACES, (place: string, name: string | undefined, brace: string | undefined) => {
      if (name === undefined) return "${";
      const [, kind, key] = (brace === "}" ? NAME.exec(name) : null) ?? [];
      if (key === undefined) throw new UnknownVariable(malformed(place));
      const value = this.#valueOf(kind, key);
      length += value.length;
      if (length > MAX_FILLED_LENGTH) throw new UnknownVariable(tooLong());
      return value;
    });
  }

  #valueOf(kind: string | undefined, key: string): string {
    if (kind === "env") return this.#envValue(key);
    return kind === "secret" ? this.#secretValue(key) : this.#value(key);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws Error when the value is longer than a variable may be. */
  set(name: string, value: string, from: readonly string[] = []): void {
    if (value.length > MAX_VALUE_LENGTH) {
      throw new Error(
        `the value has ${value.length} characters; the variable '${name}' holds at most ${MAX_VALUE_LENGTH}`,
      );
    }
    this.#values.set(name, value);
    this.#origins.note(name, value, from);
  }

  secretsOf(text: string): readonly string[] {
    const places = Array.from(text.matchAll(PLACES), ([, name = ""]) => NAME.exec(name) ?? []);
    return this.#origins.of(places.map(([, kind, key = ""]) => ({ kind, key })));
  }

  hostsOf(secret: string): readonly string[] {
    return this.#origins.hostsOf(secret);
  }

  get used(): readonly string[] {
    return this.#mask.secrets;
  }

  mask(text: string, options?: MaskOptions): string {
    return this.#mask.mask(text, options);
  }

  async maskLong(text: string): Promise<string> {
    return await this.#mask.maskLong(text);
  }

  #value(name: string): string {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    const known = [...this.#values.keys()].slice(0, 20);
    throw new UnknownVariable(
      `the variable '${name}' has no value yet; give it one with set_variable or a store command` +
        (known.length === 0 ? "" : ` (these have one: ${known.join(", ")})`),
    );
  }

  #envValue(name: string): string {
    const value = Object.hasOwn(this.#env, name) ? this.#env[name] : undefined;
    if (value !== undefined) return value;
    throw new UnknownVariable(
      `scripts may not read the environment variable '${name}', or it is not set; set it and name it in SCRIPT_ENV, or give it to the run's environment`,
    );
  }

  #secretValue(name: string): string {
    const own = this.#ownNameOf(name);
    const value = Object.hasOwn(this.#secrets, own) ? this.#secrets[own] : undefined;
    const asNamed = own === name ? "" : `, which the run's environment has for '${name}'; set SECRET_${own}`;
    if (value === undefined) throw new UnknownVariable(`the server has no secret '${own}'${asNamed}`);
    if (value === "") throw new UnknownVariable(`the secret '${name}' is empty`);
    this.#origins.learn(name, value);
    this.#mask.learn(value);
    return value;
  }

  /** The name that the server has a secret under. */
  #ownNameOf(name: string): string {
    if (this.#secretNames === undefined) return name;
    const own = Object.hasOwn(this.#secretNames, name) ? this.#secretNames[name] : undefined;
    if (own !== undefined) return own;
    const known = Object.keys(this.#secretNames).slice(0, 20).join(", ");
    throw new UnknownVariable(
      `the run's environment names no secret '${name}'; add it to the environment (it has: ${known})`,
    );
  }
}

function malformed(place: string): string {
  return (
    `'${place}' names no variable; a name has letters, digits and underscores, ` +
    "perhaps with 'env.' or 'secret.' in front, and '$${' stands for a plain '${'"
  );
}

function tooLong(): string {
  return `with its variables filled in, the text would have more than ${MAX_FILLED_LENGTH} characters`;
}
