import type { Renderers } from "./renderers.js";
import { assertion, comparison, literal, quoted } from "./text.js";

const AREAS = { local: "localStorage", session: "sessionStorage" };

export const storage: Renderers<"storage"> = {
  set_cookie: ({ name, value, domain, path, max_age, http_only, secure, same_site }) => {
    const fields = [
      `"name": ${literal(name)}`,
      `"value": ${literal(value)}`,
      ...(domain === undefined ? [] : [`"domain": ${literal(domain)}`]),
      ...(path === undefined ? [] : [`"path": ${literal(path)}`]),
      ...(max_age === undefined ? [] : [`"expiry": int(time.time()) + ${max_age}`]),
      ...(http_only === undefined ? [] : [`"httpOnly": ${python(http_only)}`]),
      ...(secure === undefined ? [] : [`"secure": ${python(secure)}`]),
      ...(same_site === undefined ? [] : [`"sameSite": ${quoted(capital(same_site))}`]),
    ];
    return [`driver.add_cookie({${fields.join(", ")}})`];
  },
  verify_cookie: ({ name, expected_value, match = "equals", http_only, secure, same_site, not }) => {
    const cookie = `driver.get_cookie(${literal(name)})`;
    const conditions = [
      "cookie is not None",
      ...(expected_value === undefined ? [] : [comparison('cookie["value"]', expected_value, match)]),
      ...(http_only === undefined ? [] : [`cookie["httpOnly"] is ${python(http_only)}`]),
      ...(secure === undefined ? [] : [`cookie["secure"] is ${python(secure)}`]),
      ...(same_site === undefined ? [] : [`cookie["sameSite"] == ${quoted(capital(same_site))}`]),
    ];
    return [`cookie = ${cookie}`, assertion(conditions.join(" and "), { not })];
  },
  store_cookie: ({ name, variable }) => [
    `variables[${quoted(variable)}] = driver.get_cookie(${literal(name)})["value"]`,
  ],
  clear_cookies: ({ name }) => [
    name === undefined ? "driver.delete_all_cookies()" : `driver.delete_cookie(${literal(name)})`,
  ],
  set_storage: ({ key, value, storage: area = "local" }) => [
    `driver.execute_script("${AREAS[area]}.setItem(arguments[0], arguments[1])", ${literal(key)}, ${literal(value)})`,
  ],
  verify_storage: ({ key, expected_value, match = "equals", storage: area = "local", not }) => [
    `value = ${read(area, key)}`,
    assertion(
      expected_value === undefined
        ? "value is not None"
        : `value is not None and ${comparison("value", expected_value, match)}`,
      { not },
    ),
  ],
  store_storage: ({ key, variable, storage: area = "local" }) => [
    `variables[${quoted(variable)}] = ${read(area, key)}`,
  ],
  clear_storage: ({ key, storage: only }) =>
    (only === undefined ? (["local", "session"] as const) : [only]).map((area) =>
      key === undefined
        ? `driver.execute_script("${AREAS[area]}.clear()")`
        : `driver.execute_script("${AREAS[area]}.removeItem(arguments[0])", ${literal(key)})`,
    ),
};

function read(area: keyof typeof AREAS, key: string): string {
  return `driver.execute_script("return ${AREAS[area]}.getItem(arguments[0])", ${literal(key)})`;
}

function python(value: boolean): string {
  return value ? "True" : "False";
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
