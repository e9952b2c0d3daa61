import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/** A browser may do nothing with the server's answers but read them. */
const NOTHING = {
  "default-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** The policy for answers that are no pages, where Fastify does not get as far as its hooks. */
export const NOTHING_POLICY = policyOf(NOTHING);

/** The policy for the pages of cases and runs: their own style, pictures and videos, and a form that logs in. */
export const PAGE_POLICY = policyOf({
  ...NOTHING,
  "form-action": ["'self'"],
  "img-src": ["'self'", "data:"],
  "media-src": ["'self'"],
  "style-src": ["'self'"],
});

/** The policy for the pages that show the documentation. */
export const DOCUMENTATION_POLICY: Record<string, string[]> = {
  ...NOTHING,
  "connect-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "script-src": ["'self'"],
  // The page writes styles into its elements.
  "style-src": ["'self'", "'unsafe-inline'"],
};

/**
 * The policy for a file of a run. A page's files are someone else's work, above all its HTML: such a file gets its own
 * origin, runs no script and loads nothing, so it can neither act on this server nor tell another one that it was
 * read. The server's own pictures and videos may load themselves, as they do in a browser that shows one alone.
 *
 * @param embedder the origin of another page that may show it
 */
export function artifactPolicy({
  isOwn,
  embedder,
}: {
  isOwn: boolean;
  embedder: string | undefined;
}): string {
  const policy = policyOf({
    ...NOTHING,
    "img-src": [isOwn ? "'self'" : "data:"],
    ...(isOwn && { "media-src": ["'self'"] }),
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'", ...(embedder === undefined ? [] : [embedder])],
  });
  return isOwn ? policy : `sandbox; ${policy}`;
}

/**
 * Tells browsers to trust no answer with more than it needs, and to keep none. Add it before the hooks that may refuse
 * a request, so that refusals have the headers too.
 */
export async function addSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: NOTHING },
    xFrameOptions: { action: "deny" },
    // The operator who gives a host its certificate decides if the host is to be reached by https only.
    strictTransportSecurity: false,
  });
  app.addHook("onSend", async (_request, reply, payload) => {
    if (!reply.hasHeader("Cache-Control")) reply.header("Cache-Control", "no-store");
    return payload;
  });
}

function policyOf(directives: Record<string, string[]>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}
