import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { SecretMask } from "../../../../src/runner/masking/secret-mask.js";

function maskOf(...secrets: string[]): SecretMask {
  const mask = new SecretMask();
  for (const secret of secrets) mask.learn(secret);
  return mask;
}

const hex = (code: number, digits = 0) => code.toString(16).padStart(digits, "0");
const hexOf = (text: string) => [...Buffer.from(text)].map((byte) => hex(byte, 2));
const unitsOf = (text: string) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));

/** The ways in which a single character may be written. */
const WRITINGS: Record<string, (character: string) => string> = {
  "as it is": (character) => character,
  "in upper case": (character) => character.toUpperCase(),
  "in lower case": (character) => character.toLowerCase(),
  "in a URL": (character) => encodeURIComponent(character),
  "in a URL, all of it": (character) =>
    hexOf(character)
      .map((byte) => `%${byte}`)
      .join(""),
  "in a URL, in capitals": (character) =>
    hexOf(character)
      .map((byte) => `%${byte.toUpperCase()}`)
      .join(""),
  "in a form": (character) => new URLSearchParams([["", character]]).toString().slice(1),
  "as a decimal entity": (character) => `&#${character.codePointAt(0)};`,
  "as a decimal entity with zeros": (character) => `&#000${character.codePointAt(0)};`,
  "as a hexadecimal entity": (character) => `&#x${hex(character.codePointAt(0) ?? 0)};`,
  "as a hexadecimal entity in capitals": (character) =>
    `&#X00${hex(character.codePointAt(0) ?? 0).toUpperCase()};`,
  "as an escape of JSON": (character) =>
    unitsOf(character)
      .map((unit) => `\\u${hex(unit, 4)}`)
      .join(""),
  "as an escape of JSON in capitals": (character) =>
    unitsOf(character)
      .map((unit) => `\\u${hex(unit, 4).toUpperCase()}`)
      .join(""),
  "as an escape of JavaScript": (character) => `\\u{${hex(character.codePointAt(0) ?? 0)}}`,
  "in JSON": (character) => JSON.stringify(character).slice(1, -1),
  "in page source": (character) =>
    ({ "<": "&lt;", ">": "&gt;", '"': "&quot;", "\u00a0": "&nbsp;", " ": "&nbsp;" })[character] ?? character,
  "split by a tag": (character) => `<b class="x">${character}</b>`,
  "split by a comment": (character) => `<!-- > -->${character}`,
  "split by what nobody sees": (character) => `${character}\u200b\u00ad`,
};

/** Without the characters that begin an escape: a text that holds them as they are may be meant in two ways. */
const secrets = fc
  .string({
    unit: fc.constantFrom(...Array.from("abYZ09 /'\"<>+=?#äßЖ漢😀_-.;:")),
    minLength: 1,
    maxLength: 12,
  })
  .filter((secret) => secret.trim() !== "");

describe.each(Object.entries(WRITINGS))("a secret %s", (name, write) => {
  test("is masked, whatever it is", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        // A secret of such characters is in the tags themselves.
        fc.pre(!name.startsWith("split") || (secret.trim().length > 4 && !/[<>]/.test(secret)));
        const text = Array.from(secret.trim(), write).join("");
        expect(
          maskOf(secret)
            .mask(`(${text})`)
            .replaceAll(/<!--.*?-->|<[^>]*>|[\u200b\u00ad]/g, ""),
        ).toBe("(***)");
      }),
    );
  });
});

test("each character of a secret may be written in a way of its own", () => {
  const writings = fc.array(fc.constantFrom(...Object.values(WRITINGS)), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(secrets, writings, (secret, ways) => {
      // Of the ways of reading, one knows tags and another plus signs.
      const text = Array.from(secret, (character, index) => ways[index]?.(character) ?? "").join("");
      fc.pre(!text.includes("+") && !secret.includes("<"));
      expect(maskOf(secret).mask(text)).toContain("***");
    }),
  );
});

describe("a secret is masked", () => {
  const secret = 'S3cr&t "pä/ss" <x>\\y%z+1';
  test.each([
    ["in JSON", JSON.stringify(secret)],
    ["in JSON that escapes slashes", JSON.stringify(secret).replaceAll("/", "\\/")],
    [
      "in JSON that escapes all but ASCII",
      JSON.stringify(secret).replace(/[^ -~]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`),
    ],
    [
      "in JSON for a script element",
      JSON.stringify(secret).replace(/[<>&]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`),
    ],
    ["in JSON inside JSON", JSON.stringify(JSON.stringify({ value: secret }))],
    [
      "in JSON inside an attribute",
      JSON.stringify(secret).replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
    ],
    ["in a query that was typed", new URL(`http://a.test/?q=${secret}`).search],
    ["in a path that was typed", new URL(`http://a.test/${secret}`).pathname],
    ["in a fragment that was typed", new URL(`http://a.test/#${secret}`).hash],
    ["in the data of a form", new URLSearchParams({ q: secret }).toString()],
    ["in an encoded component", encodeURIComponent(secret)],
    ["in an encoded component, its hex digits small", encodeURIComponent(secret).toLowerCase()],
    ["in a page in Latin-1", encodeURIComponent(secret).replace("%C3%A4", "%E4")],
    [
      "with entities that have names",
      "S3cr&amp;t&nbsp;&quot;p&auml;&sol;ss&quot; &lt;x&gt;&bsol;y&percnt;z&plus;1",
    ],
    ["with no-break spaces", secret.replaceAll(" ", "\u00a0")],
    ["in capitals", secret.toUpperCase()],
    ["split by tags", 'S3cr&amp;t "p<b>ä/ss</b>" &lt;<i>x</i>&gt;\\y%z+1'],
  ])("%s", (_where, text) => {
    const masked = maskOf(secret).mask(`before ${text} after`);
    expect(masked).toContain("***");
    expect(masked).not.toMatch(/s3cr|ss|[xyz]/i);
    expect(masked).toMatch(/^before .* after$/);
  });

  test("where its own characters look like escapes", () => {
    const mask = maskOf("50%25 off&amp;\\n!");
    expect(mask.mask("50%25 off&amp;\\n!")).toBe("***");
    expect(mask.mask(encodeURIComponent("50%25 off&amp;\\n!"))).toBe("***");
    expect(mask.mask("a=50%25%20off&amp;\\n!")).toBe("a=***");
  });

  test("where half a character of it became another", () => {
    expect(maskOf("ab\ud800c").mask(`ab%EF%BF%BDc ${JSON.stringify("ab\ud800c")} ab\ud800c`)).toBe(
      '*** "***" ***',
    );
  });

  test("where white space of any kind and amount stands for its own", () => {
    expect(maskOf("one\n  two").mask("one two, one&nbsp;\ttwo, one++two")).toBe("***, ***, one++two");
    expect(maskOf("one  two").mask("one++two")).toBe("***");
  });

  test("together with another that begins or ends inside it", () => {
    expect(maskOf("pass", "password", "wordless").mask("a passwordless text")).toBe("a *** text");
  });
});

describe("what is no secret stays", () => {
  test.each([
    ["a<b>c</b>", "a<b>c</b>"],
    ["100% of R&D \\o/ a+b", "100% of R&D \\o/ a+b"],
    ["sword fish, swordfis, wordfish", "sword fish, swordfis, wordfish"],
    ["%E0%A4%A &#; &#x; &unknown; \\u00 \\x %", "%E0%A4%A &#; &#x; &unknown; \\u00 \\x %"],
  ])("%s", (text, same) => {
    expect(maskOf("swordfish").mask(text)).toBe(same);
  });

  test("a short secret is masked in ordinary words too, and nowhere else", () => {
    expect(maskOf("cat").mask("A catalogue of Cats and c%61t's food")).toBe(
      "A ***alogue of ***s and ***'s food",
    );
  });

  test("a plus sign in a secret is no space", () => {
    expect(maskOf("c++").mask("c and c  and c++")).toBe("c and c  and ***");
  });

  test("an escape in a short secret does not mask the character that it stands for", () => {
    expect(maskOf("%41").mask("A %41 A")).toBe("A *** A");
  });
});

describe("the beginning of a secret", () => {
  test.each([
    ["its text is sword… and more", "its text is ***… and more"],
    ["SWORD…", "***…"],
    ["sw%6Fr%6…", "***%6…"],
    ["sw%6Fr%…", "***%…"],
    ["swo&#114;&#1…", "***&#1…"],
    ["swo\\u0072\\u00…", "***\\u00…"],
    ["s<b>wor</b>d<i>…", "***<i>…"],
    ["sw… and sword", "sw… and sword"],
  ])("is masked in front of an ellipsis: %s", (text, masked) => {
    expect(maskOf("swordfish").mask(text)).toBe(masked);
  });

  it("is masked where an ellipsis has cut a character of several bytes", () => {
    expect(maskOf("pässword").mask("q=p%C3%A4ss…")).toBe("q=***…");
    expect(maskOf("abcäx").mask("q=abc%C3…")).toBe("q=***%C3…");
    expect(maskOf("abcäx").mask("q=abc%C3%…")).toBe("q=***%C3%…");
    expect(maskOf("abc漢x").mask("q=abc%E6%BC…")).toBe("q=***%E6%BC…");
  });

  test.each([
    ["typed swor", "typed ***"],
    ["key:swor, key:sword", "key:***, key:***"],
    ["valueSWOR!", "value***!"],
    ["/suggest?q=sword&n=1", "/suggest?q=***&n=1"],
    ["/suggest/sw%6Frd#x", "/suggest/***#x"],
    ['{"v":"swordf"}', '{"v":"***"}'],
    ["swordfisx", "***x"],
    ["swo swore sworn swords", "swo swore sworn swords"],
  ])("is masked as it is typed: %s", (text, masked) => {
    expect(maskOf("swordfish").mask(text, { typed: true })).toBe(masked);
    expect(maskOf("swordfish").mask(text)).toBe(text);
  });

  test("is masked as it is typed, key by key, in every writing", () => {
    const secret = `Zq7&t "pä/ss" <x>\\y%z+1`;
    const mask = maskOf(secret);
    for (let length = 4; length < secret.length; length++) {
      const typed = secret.slice(0, length);
      const params = new URLSearchParams({ q: typed });
      for (const text of [typed, JSON.stringify(typed), encodeURIComponent(typed), params.toString()]) {
        expect(mask.mask(`(${text})`, { typed: true })).not.toMatch(/zq7/i);
      }
    }
  });
});

describe("a megabyte of hostile text", () => {
  const KINDS: Record<string, string> = {
    "beyond Latin-1": "漢字 и ещё ",
    "of beginnings": "swordfis",
    "of one character": "a",
    "of half surrogates": "\ud800",
    "of pairs": "😀",
    "of ellipses": "…",
    "of cut off beginnings": "sword…",
    "of percent signs": "%",
    "of broken percent codes": "%C3",
    "of percent codes": "%61",
    "of ampersands": "&",
    "of entities": "&#97;",
    "of long names": "&abcdefghijklmnopqrstuvwxyzabcdefg",
    "of backslashes": "\\",
    "of escapes": "\\u0061",
    "of opened tags": "<a",
    "of opened comments": "<!--",
    "of tags": "<b>a</b>",
    "of white space": " ",
    "of plus signs": "+",
    "of characters that become several": "ß",
    "of everything": "<b>%61&amp;\\u0061+\\\\ swo",
    "of secrets": "swordfish ",
  };
  const secretsInUse = ["swordfish", `S3cr&t "pä/ss" <x>`, `${"a".repeat(200)}b`];

  /** Least of two, in milliseconds of this process: other programs do not count. */
  function costOf(text: string): number {
    const mask = maskOf(...secretsInUse);
    mask.mask("made ready");
    const costs = [1, 2].map(() => {
      const before = process.cpuUsage();
      mask.mask(text, { typed: true });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return Math.min(...costs);
  }

  test.each(Object.entries(KINDS))("%s takes a time in proportion to its length", (_kind, piece) => {
    const quarter = piece.repeat(Math.ceil(250_000 / piece.length));
    expect(costOf(quarter.repeat(4))).toBeLessThan(8 * costOf(quarter) + 100);
  });

  test("with one number that has no end takes a time in proportion to its length", () => {
    expect(costOf(`&#${"0".repeat(1_000_000)}`)).toBeLessThan(8 * costOf(`&#${"0".repeat(250_000)}`) + 100);
  });

  test.each(["of everything", "of secrets", "of characters that become several"])(
    "%s is masked in slices as in one piece",
    async (kind) => {
      const text = (KINDS[kind] ?? "").repeat(100_000).slice(0, 450_000);
      const mask = maskOf(...secretsInUse);
      expect(await mask.maskLong(text)).toBe(mask.mask(text));
    },
  );
});

test("others have their turn while a long text is masked", async () => {
  const mask = maskOf("swordfish");
  const order: string[] = [];
  const masked = mask.maskLong("swordfish ".repeat(100_000)).then(() => order.push("masked"));
  setImmediate(() => order.push("another's turn"));
  await masked;
  expect(order).toEqual(["another's turn", "masked"]);
});

test("a long secret takes memory in proportion to its length", () => {
  const secret = Array.from({ length: 50_000 }, (_, index) =>
    String.fromCharCode(0x4e00 + (index % 5_000)),
  ).join("");
  expect(maskOf(secret).mask(`<${secret}>`)).toBe("<***>");
});
