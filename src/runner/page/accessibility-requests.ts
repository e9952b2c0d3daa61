/** Requests for a look at a document with axe-core, and the answers. Plain data both ways. */

export interface AccessibilityRequest {
  /** True when only the element is looked at that the page's script holds. */
  isPart: boolean;
  /** CSS selectors of parts that are left out. */
  exclude: readonly string[];
  tags?: readonly string[] | undefined;
  rules?: readonly string[] | undefined;
  /** Rules that are left out. */
  ignore: readonly string[];
  /** For a frame: what axe-core has said of it in the document around it. */
  context?: unknown;
}

export interface FramePart {
  /** The reason why nothing was looked at: the request is at fault. */
  wrong?: string;
  frames?: readonly { name: string; context: unknown }[];
  /** axe-core's own result, for a frame only. */
  partial?: unknown;
}

export interface Finding {
  rule: string;
  impact: string | null;
  help: string;
  help_url: string;
  tags: string[];
  /** Number of elements, of which only the first are named. */
  count: number;
  elements: { target: string; html: string; why: string }[];
}

export interface Findings {
  /** Name and version of what has looked. */
  engine: string;
  violations: Finding[];
  /** Findings of which only people can tell whether they are problems. */
  incomplete: Finding[];
}
