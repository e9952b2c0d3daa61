import type { RequestFacts, ResourceType, Variables } from "./ports.js";
import { wholeComparison } from "./secrets/whole-comparison.js";
import { urlPattern } from "./url-pattern.js";

/** The requests that a command is about. */
export interface WantedRequests {
  url: string;
  method?: string | undefined;
  resource_type?: ResourceType | undefined;
}

/** @throws Error when the pattern cannot be understood */
export function requestTest({ url, method, resource_type: type }: WantedRequests): {
  wildcard: string;
  isFor: (request: RequestFacts) => boolean;
} {
  const pattern = urlPattern(url);
  const wanted = method?.toUpperCase();
  return {
    wildcard: pattern.wildcard,
    isFor: (request) =>
      (wanted === undefined || request.method.toUpperCase() === wanted) &&
      (type === undefined || request.resourceType === type) &&
      pattern.matches(request.url),
  };
}

/**
 * As {@link requestTest}, for a request that was sent: a secret in its address is one sign, so that no pattern can ask for
 * its parts.
 *
 * @throws Error when the pattern cannot be understood
 */
export function sentRequestTest(
  { url, method, resource_type: type }: WantedRequests,
  variables: Pick<Variables, "used">,
): { isThere: (url: string) => boolean; isSo: (request: RequestFacts) => boolean } {
  const { regex, partOf } = urlPattern(url);
  const comparison = wholeComparison({ match: "regex", expected: regex, not: false }, variables);
  const wanted = method?.toUpperCase();
  return {
    isThere(address) {
      const part = partOf(address);
      return part !== undefined && comparison.isAsExpected(part);
    },
    isSo: (request) =>
      (wanted === undefined || request.method.toUpperCase() === wanted) &&
      (type === undefined || request.resourceType === type),
  };
}

/** Such as `POST requests for a fetch to '**\/api'`. */
export function describeRequests({ url, method, resource_type: type }: WantedRequests): string {
  const verb = method === undefined ? "" : `${method.toUpperCase()} `;
  return `${verb}requests${type === undefined ? "" : ` of the type '${type}'`} to '${url}'`;
}
