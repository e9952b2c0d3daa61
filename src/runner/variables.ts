import { normalizeSpace } from "./matching.js";
import { UnknownVariable, type Variables } from "./ports.js";

/** Longest value of a variable, in characters. */
const MAX_VALUE_LENGTH = 1_000_000;

/** Fewest characters of a secret that are masked where a message has cut it off. */
const SHORTEST_BEGINNING = 3;

const MASK = "***";

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
  readonly #values = new Map<string, string>();
  readonly #used = new Set<string>();
  /** Every way in which a secret that was used may be written, longest first. */
  #forms: string[] = [];
  #pattern: RegExp | undefined;

  /**
   * @param options.env what `${env.NAME}` may stand for
   * @param options.secrets what `${secret.NAME}` may stand for; short ones are masked in ordinary words too
   */
  constructor(options: { env: Record<string, string>; secrets: Record<string, string> }) {
    this.#env = options.env;
    this.#secrets = options.secrets;
  }

  fillIn(text: string): string {
    if (!text.includes("${")) return text;
    return text.replace(PLACES, (place: string, name: string | undefined, brace: string | undefined) => {
      if (name === undefined) return "${";
      const [, kind, key] = (brace === "}" ? NAME.exec(name) : null) ?? [];
      if (key === undefined) throw new UnknownVariable(malformed(place));
      if (kind === "env") return this.#envValue(key);
      return kind === "secret" ? this.#secretValue(key) : this.#value(key);
    });
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws Error when the value is longer than a variable may be. */
  set(name: string, value: string): void {
    if (value.length > MAX_VALUE_LENGTH) {
      throw new Error(
        `the value has ${value.length} characters; the variable '${name}' holds at most ${MAX_VALUE_LENGTH}`,
      );
    }
    this.#values.set(name, value);
  }

  get used(): readonly string[] {
    return [...this.#used];
  }

  // A function of its own, as those who mask take it out of the object.
  readonly mask = (text: string): string => {
    if (this.#pattern === undefined) return text;
    return this.#maskBeginnings(text.replace(this.#pattern, MASK));
  };

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
      `scripts may not read the environment variable '${name}', or it is not set; set it and name it in SCRIPT_ENV`,
    );
  }

  #secretValue(name: string): string {
    const value = Object.hasOwn(this.#secrets, name) ? this.#secrets[name] : undefined;
    if (value === undefined) throw new UnknownVariable(`the server has no secret '${name}'`);
    if (value === "") throw new UnknownVariable(`the secret '${name}' is empty`);
    if (!this.#used.has(value)) this.#learn(value);
    return value;
  }

  #learn(secret: string): void {
    this.#used.add(secret);
    const forms = new Set([...this.#used].flatMap(formsOf));
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(this.#forms.map(escapeRegex).join("|"), "g");
  }

  /** Messages shorten long texts, and what they leave of a secret in front of the `…` is a secret too. */
  #maskBeginnings(text: string): string {
    return text.replace(/[^…]+…/g, (part) => {
      const shown = part.slice(0, -1);
      const lengths = this.#forms.map((form) => cutOffLength(shown, form));
      const length = Math.max(...lengths);
      return length < SHORTEST_BEGINNING ? part : `${shown.slice(0, -length)}${MASK}…`;
    });
  }
}

/** A secret as it is, and as it is written in JSON, in HTML, in a URL and by a browser that joins white space. */
function formsOf(secret: string): string[] {
  const plain = [secret, normalizeSpace(secret)].filter((form) => form !== "");
  return plain.flatMap((form) => {
    // Half a character cannot be encoded; the way through UTF-8 makes it a whole one.
    const wellFormed = Buffer.from(form).toString();
    const encoded = encodeURIComponent(wellFormed);
    return [
      form,
      JSON.stringify(form).slice(1, -1),
      escapeHtml(form),
      // A text node and an attribute escape different characters: https://html.spec.whatwg.org/#escapingString
      escapeHtml(form).replaceAll("&quot;", '"'),
      // Browsers from before 2025 leave angle brackets in attributes as they are.
      escapeHtml(form).replaceAll("&lt;", "<").replaceAll("&gt;", ">"),
      encoded,
      encoded.replaceAll("%20", "+"),
      encodeURI(wellFormed),
      new URLSearchParams([["", form]]).toString().slice(1),
    ];
  });
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\u00a0": "&nbsp;",
  };
  return text.replace(/[&<>"\u00a0]/g, (character) => entities[character] ?? character);
}

/** How many characters at the end of a text are the beginning of the form. */
function cutOffLength(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length >= SHORTEST_BEGINNING; length--) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

function malformed(place: string): string {
  return (
    `'${place}' names no variable; a name has letters, digits and underscores, ` +
    "perhaps with 'env.' or 'secret.' in front, and '$${' stands for a plain '${'"
  );
}
