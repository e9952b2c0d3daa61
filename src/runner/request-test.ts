import type { RequestFacts, ResourceType } from "./ports.js";
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

/** Such as `POST requests for a fetch to '**\/api'`. */
export function describeRequests({ url, method, resource_type: type }: WantedRequests): string {
  const verb = method === undefined ? "" : `${method.toUpperCase()} `;
  return `${verb}requests${type === undefined ? "" : ` of the type '${type}'`} to '${url}'`;
}
