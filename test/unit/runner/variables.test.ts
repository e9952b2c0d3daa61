import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { UnknownVariable } from "../../../src/runner/ports.js";
import { RunVariables } from "../../../src/runner/variables.js";

const variablesWith = (secrets: Record<string, string> = {}, env: Record<string, string> = {}) =>
  new RunVariables({ env, secrets });

/** Variables that have used one secret. */
function using(secret: string): RunVariables {
  const variables = variablesWith({ KEY: secret });
  variables.fillIn("${secret.KEY}");
  return variables;
}

describe("fillIn", () => {
  test("puts values in, several times and side by side", () => {
    const variables = variablesWith({ PASSWORD: "s3cret" }, { BASE: "http://localhost:3000" });
    variables.set("order", "1001");
    expect(variables.fillIn("${env.BASE}/orders/${order}${order}?key=${secret.PASSWORD}")).toBe(
      "http://localhost:3000/orders/10011001?key=s3cret",
    );
  });

  test("of a text without placeholders changes nothing", () => {
    const withoutPlaces = fc.string().filter((text) => !text.includes("${"));
    fc.assert(fc.property(withoutPlaces, (text) => variablesWith().fillIn(text) === text));
  });

  test("leaves braces and dollars alone", () => {
    expect(variablesWith().fillIn("{a} $b $5 #{c} {{d}}")).toBe("{a} $b $5 #{c} {{d}}");
  });

  test("writes $${ as ${", () => {
    expect(variablesWith().fillIn("a $${b} c")).toBe("a ${b} c");
  });

  test("never looks into a value", () => {
    const variables = variablesWith({ PASSWORD: "s3cret" });
    variables.set("text", "${secret.PASSWORD} $${ ${text}");
    expect(variables.fillIn("<${text}>")).toBe("<${secret.PASSWORD} $${ ${text}>");
  });

  test("any value arrives as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const variables = variablesWith();
        variables.set("v", value);
        expect(variables.fillIn("[${v}]")).toBe(`[${value}]`);
      }),
    );
  });

  test.each([
    ["${order}", "the variable 'order' has no value yet; give it one with set_variable or a store command"],
    ["${env.HOME}", "scripts may not read the environment variable 'HOME', or it is not set"],
    ["${env.constructor}", "scripts may not read the environment variable 'constructor'"],
    ["${secret.TOKEN}", "the server has no secret 'TOKEN'"],
    ["${secret.EMPTY}", "the secret 'EMPTY' is empty"],
    ["${user name}", "'${user name}' names no variable"],
    ["${a.b}", "'${a.b}' names no variable"],
    ["${}", "'${}' names no variable"],
    ["${open", "'${open' names no variable"],
  ])("refuses %s", (text, reason) => {
    const fillIn = () => variablesWith({ EMPTY: "" }).fillIn(text);
    expect(fillIn).toThrow(UnknownVariable);
    expect(fillIn).toThrow(reason);
  });

  test("names the variables that there are", () => {
    const variables = variablesWith();
    variables.set("order", "1001");
    expect(() => variables.fillIn("${orders}")).toThrow("(these have one: order)");
  });
});

test("many places cannot make a text that no memory holds", () => {
  const variables = variablesWith();
  variables.set("long", "x".repeat(1_000_000));
  expect(() => variables.fillIn("${long}".repeat(1_000))).toThrow(
    "with its variables filled in, the text would have more than 2000000 characters",
  );
});

test("a value that is too long is refused", () => {
  expect(() => variablesWith().set("v", "x".repeat(1_000_001))).toThrow("holds at most 1000000");
});

describe("mask", () => {
  it("knows only secrets that were used", () => {
    const variables = variablesWith({ A: "alpha", B: "beta" });
    expect(variables.mask("alpha beta")).toBe("alpha beta");
    variables.fillIn("${secret.A}");
    expect(variables.mask("alpha beta")).toBe("*** beta");
    expect(variables.used).toEqual(["alpha"]);
  });

  it("replaces a secret that has become part of a variable", () => {
    const variables = variablesWith({ KEY: "s3cret" });
    variables.set("header", variables.fillIn("Bearer ${secret.KEY}"));
    expect(variables.mask(`it is ${JSON.stringify(variables.get("header"))}`)).toBe('it is "Bearer ***"');
  });

  it("replaces the longest of several", () => {
    const variables = variablesWith({ A: "pass", B: "password" });
    variables.fillIn("${secret.A}${secret.B}");
    expect(variables.mask("password")).toBe("***");
  });

  const secret = `a"b<c>&d e\\f%g`;
  test.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify(secret)],
    ["in HTML", `a&quot;b&lt;c&gt;&amp;d e\\f%g`],
    ["in the text of HTML", `a"b&lt;c&gt;&amp;d e\\f%g`],
    ["in a URL", encodeURIComponent(secret)],
    ["in an address that a browser shows", encodeURI(secret)],
    ["in a form", new URLSearchParams({ q: secret }).toString()],
    ["in a URL with plus signs", encodeURIComponent(secret).replaceAll("%20", "+")],
  ])("replaces a secret %s", (_where, text) => {
    expect(using(secret).mask(`<${text}>`)).toContain("***");
    expect(using(secret).mask(`<${text}>`)).not.toMatch(/a.*b.*c.*d/);
  });

  it("replaces a secret whose white space a browser has joined", () => {
    expect(using("one\n  two").mask("its text is one two.")).toBe("its text is ***.");
  });

  it("replaces what a shortened message leaves of a secret", () => {
    expect(using("swordfish").mask('its text is "the password is sword…".')).toBe(
      'its text is "the password is ***…".',
    );
  });

  const secrets = fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1, maxLength: 4 });

  test("never leaves a secret in, whatever is around it", () => {
    // The characters of the mask itself cannot be masked.
    const withoutStars = secrets.filter((all) => !all.some((text) => text.includes("*")));
    fc.assert(
      fc.property(withoutStars, fc.array(fc.string({ unit: "binary" })), (all, around) => {
        const variables = variablesWith(Object.fromEntries(all.map((text, index) => [`S${index}`, text])));
        for (const index of all.keys()) variables.fillIn(`\${secret.S${index}}`);
        const written = all.flatMap((text) => [text, encodeURIComponent(Buffer.from(text).toString())]);
        const masked = variables.mask(written.map((text, index) => (around[index] ?? "") + text).join(""));
        for (const text of all) expect(masked).not.toContain(text);
      }),
    );
  });

  test("changes nothing else", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes("swo"));
        return using("swordfish").mask(text) === text;
      }),
    );
  });
});
