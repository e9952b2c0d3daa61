import type { Renderers } from "./renderers.js";
import { comment, literal, quoted } from "./text.js";

export const network: Renderers<"network"> = {
  block_requests: ({ url, method, resource_type, times }) => [
    ...limits({ method, resource_type, times }),
    `driver.execute_cdp_cmd("Network.enable", {})`,
    `driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": [${literal(url)}]})`,
  ],
  mock_response: ({ url, status = 200, body = "", file, method, resource_type, times }) => [
    ...limits({ method, resource_type, times }),
    comment("Selenium answers requests by BiDi, which takes whole addresses and no patterns."),
    `driver.network.add_request_handler("before_request", lambda request: request.provide_response(${status}, ${file === undefined ? literal(body) : `open(${literal(file)}).read()`}) if ${matches(url)} else request.continue_request())`,
  ],
  clear_request_rules: () => [
    `driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})`,
    "driver.network.clear_request_handlers()",
  ],
  wait_for_request: ({ url, timeout = 10, count = 1 }) => [
    comment("Selenium keeps no list of requests; Chromium's performance log has one."),
    `WebDriverWait(driver, ${timeout}).until(lambda driver: len([entry for entry in driver.get_log("performance") if ${inLog(url)}]) >= ${count})`,
  ],
  verify_request: ({ url, count, not = false }) => [
    comment("Selenium keeps no list of requests; Chromium's performance log has one."),
    `assert len([entry for entry in driver.get_log("performance") if ${inLog(url)}]) ${not ? "== 0" : count === undefined ? ">= 1" : `== ${count}`}`,
  ],
  verify_console: ({ level = "error", ignore = [] }) => [
    ...(ignore.length === 0 ? [] : [comment(`Not counting ${ignore.map(quoted).join(", ")}.`)]),
    `assert not [entry for entry in driver.get_log("browser") if entry["level"] in ${level === "error" ? '("SEVERE",)' : '("SEVERE", "WARNING")'}]`,
  ],
  set_http_credentials: ({ username, password, origin }) => [
    comment(`For ${origin} only; Selenium gives it to every server.`),
    `driver.network.add_auth_handler(${literal(username)}, ${literal(password)})`,
  ],
};

/** The message of an entry holds the address. */
function inLog(url: string): string {
  const pattern = url.startsWith("/") ? `*${url}*` : `*"${url}"*`;
  return `fnmatch.fnmatchcase(entry["message"], ${literal(pattern)})`;
}

function matches(url: string): string {
  return `fnmatch.fnmatchcase(request.url, ${literal(url.startsWith("/") ? `*${url}` : url)})`;
}

function limits(fields: Record<string, string | number | undefined>): string[] {
  const said = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${typeof value === "string" ? quoted(value) : value}`],
  );
  return said.length === 0 ? [] : [comment(`Only with ${said.join(", ")}, which Selenium does not ask for.`)];
}
