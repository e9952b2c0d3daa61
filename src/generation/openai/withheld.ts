/**
 * Values that a model is not told: passwords that an author has written out, and the server's own secrets. It gets a mark
 * in the place of each, and its commands get the value back.
 */
export class Withheld {
  readonly #secrets: readonly string[];
  readonly #values: string[] = [];

  /** @param secrets values of the server's own */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((secret) => secret.length >= SHORTEST).sort((a, b) => b.length - a.length);
  }

  /** A text of the author without what is withheld. */
  hide(text: string): string {
    const known = this.#secrets.reduce((rest, secret) => this.#replace(rest, secret), text);
    const sentences = known.split(SENTENCES).map((sentence) => this.#hideIn(sentence));
    return this.hideAgain(sentences.join(""));
  }

  /** The same of every text in a value. */
  hideAll<T>(value: T): T {
    if (typeof value === "string") return this.hide(value) as T;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((inner: unknown) => this.hideAll(inner)) as T;
    const entries = Object.entries(value).map(([key, inner]) => [key, this.hideAll(inner as unknown)]);
    return Object.fromEntries(entries) as T;
  }

  /** A text of anybody's, without the values that were withheld before. */
  hideAgain(text: string): string {
    return this.#values.reduce(
      (rest, value) => (value.length < SHORTEST ? rest : this.#replace(rest, value)),
      text,
    );
  }

  /** The JSON of an answer with the values in their places. */
  restore(json: string): string {
    return json.replace(MARKS, (mark, number: string) => {
      const value = this.#values[Number(number) - 1];
      return value === undefined ? mark : JSON.stringify(value).slice(1, -1);
    });
  }

  #hideIn(sentence: string): string {
    if (!ABOUT_LOGIN.test(sentence)) return sentence;
    return PASSWORDS.reduce(
      (rest, pattern) =>
        rest.replace(pattern, (all, before: string, value: string) =>
          isName(value) ? all : before + this.#replace(all.slice(before.length), value),
        ),
      sentence,
    );
  }

  #replace(text: string, value: string): string {
    return text.includes(value) ? text.replaceAll(value, this.#markOf(value)) : text;
  }

  #markOf(value: string): string {
    const known = this.#values.indexOf(value);
    return `[[withheld ${known === -1 ? this.#values.push(value) : known + 1}]]`;
  }
}

const MARKS = /\[\[withheld (\d+)\]\]/g;

/** Fewest characters of a value that is looked for where nothing else tells it. */
const SHORTEST = 4;

const SENTENCES = /(?<=[.!?;]\s|\n)/;

const PASSWORD = String.raw`(?:pass ?(?:word|code|phrase)|pwd|pin(?: code)?|secret|api key|access key|token|credentials?|otp)`;
const ABOUT_LOGIN = new RegExp(String.raw`\b${PASSWORD}s?\b|\b(?:log|sign)(?:s|ged|ging)? ?(?:in|on)\b`, "i");

/** Each with what stands before the value, and the value. */
const PASSWORDS = [
  // Type "hunter2" into …, with the password "hunter2"
  new RegExp(
    String.raw`(\b(?:types?|enters?|fills?|inputs?|sets?|uses?|puts?|provides?|with|and|as|is|to|${PASSWORD})(?: in)?(?: the)?(?: ${PASSWORD})?[:=]? ?["“'])([^"“”']+)(?=["”'])`,
    "gi",
  ),
  // password: hunter2, password = hunter2
  new RegExp(String.raw`(\b${PASSWORD} ?[:=] ?)([^\s,;"“']\S*?)(?=[.,;]?(?:\s|$))`, "gi"),
  // password hunter2, password is hunter2
  new RegExp(
    String.raw`(\b${PASSWORD} (?:is |as |of )?)((?=\S*[\d!@#$%^&*?_])[^\s,;"“']+?)(?=[.,;]?(?:\s|$))`,
    "gi",
  ),
  // Enter hunter2 as the password
  new RegExp(
    String.raw`(\b(?:types?|enters?|fills?|inputs?|sets?|uses?) )([^\s,;"“']+)(?= (?:in|into|as|for) (?:the |your |my )?(?:[a-z]+ )?${PASSWORD})`,
    "gi",
  ),
  // Log in as tom/hunter2, with tom:hunter2
  /(\b(?:as|with) [^\s,;/:"“']+[/:])([^\s,;"“']+)/gi,
] as const;

/** The words for a field are no value, and neither is the place of a variable. */
function isName(value: string): boolean {
  const plain = value.trim();
  return (
    plain.includes("[[withheld ") ||
    /^\$\{[\w.]+\}$/.test(plain) ||
    plain.startsWith("//") ||
    new RegExp(
      String.raw`^(?:the |your |my |new |confirm |repeat |current |old |user ?name|e-?mail)*(?:${PASSWORD})?$`,
      "i",
    ).test(plain) ||
    /^(?:an?|the|valid|invalid|wrong|correct|text|value|something|it)$/i.test(plain)
  );
}
