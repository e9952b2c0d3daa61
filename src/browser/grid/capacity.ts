import { z } from "zod";
import type { BrowserKind } from "../setup/places.js";

/** A place for one session on a node. */
export interface GridSlot {
  /** Name of its browser as the node has it, such as `chrome` or `MicrosoftEdge`. */
  browser: string;
  version: string | undefined;
}

interface GridNode {
  slots: readonly GridSlot[];
  free: readonly GridSlot[];
  /** Sessions that it may take yet, whichever slots they are in. */
  left: number;
}

/** The places of a Selenium server. */
export interface GridCapacity {
  nodes: readonly GridNode[];
  /** Requests that wait for a place, of whomever. */
  queued: number;
}

/** A browser that is asked for. */
export interface AskedBrowser {
  kind: BrowserKind;
  /** @defaultValue any */
  version?: string | undefined;
}

const Node = z.object({
  availability: z.string(),
  maxSessions: z.number(),
  slots: z.array(
    z.object({
      session: z.unknown(),
      stereotype: z.object({
        browserName: z.string().default(""),
        browserVersion: z.string().optional(),
      }),
    }),
  ),
});

/** The status of a Selenium Grid 4: https://www.selenium.dev/documentation/grid/advanced_features/endpoints/ */
const GridStatus = z.object({ value: z.object({ nodes: z.array(Node) }) });

/** The status of Selenoid: https://aerokube.com/selenoid/latest/#_status */
const SelenoidStatus = z.object({
  total: z.number(),
  used: z.number(),
  queued: z.number(),
  pending: z.number().default(0),
  browsers: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/**
 * Reads a status of a Selenium Grid or of Selenoid.
 *
 * @param queued requests that wait, which a Grid tells elsewhere
 * @returns nothing when it tells no places, as that of a vendor
 */
export function capacityOf(status: unknown, queued: number): GridCapacity | undefined {
  const grid = GridStatus.safeParse(status);
  if (grid.success) {
    const nodes = grid.data.value.nodes.filter(({ availability }) => availability === "UP");
    return { nodes: nodes.map(nodeOf), queued };
  }
  const selenoid = SelenoidStatus.safeParse(status);
  if (!selenoid.success) return undefined;
  const { total, used, pending, browsers, queued: waiting } = selenoid.data;
  const left = Math.max(0, total - used - pending);
  // Any browser may have any of its places.
  const slots = Object.entries(browsers).flatMap(([browser, versions]) =>
    Object.keys(versions).flatMap((version) =>
      Array.from({ length: Math.max(1, left) }, () => ({ browser, version })),
    ),
  );
  return { nodes: [{ slots, free: left > 0 ? slots : [], left }], queued: waiting };
}

function nodeOf({ maxSessions, slots }: z.infer<typeof Node>): GridNode {
  // A slot without a session has none, or null.
  const free = slots.filter(({ session }) => (session ?? null) === null);
  return {
    slots: slots.map(slotOf),
    free: free.map(slotOf),
    left: maxSessions - (slots.length - free.length),
  };
}

function slotOf({ stereotype }: z.infer<typeof Node>["slots"][number]): GridSlot {
  return { browser: stereotype.browserName, version: stereotype.browserVersion };
}

/** Tells if a node has such a browser, free or not. */
export function offers({ nodes }: GridCapacity, asked: AskedBrowser): boolean {
  return nodes.some(({ slots }) => slots.some((slot) => fits(slot, asked)));
}

/** The browsers of all nodes, with their versions, for people. */
export function offered({ nodes }: GridCapacity): string[] {
  const names = nodes.flatMap(({ slots }) =>
    slots.map(({ browser, version }) => [nameOf(browser), version].filter(Boolean).join(" ")),
  );
  return [...new Set(names)];
}

/** Sessions of a browser that could start at once. */
export function freePlaces({ nodes }: GridCapacity, asked: AskedBrowser): number {
  let places = 0;
  for (const { free, left } of nodes)
    places += Math.max(0, Math.min(left, free.filter((slot) => fits(slot, asked)).length));
  return places;
}

/** Browsers with one key take each other's place. */
export function keyOf({ kind, version = "" }: AskedBrowser): string {
  return `${kind}@${version}`;
}

function fits({ browser, version = "" }: GridSlot, { kind, version: wanted }: AskedBrowser): boolean {
  if (nameOf(browser) !== kind) return false;
  return wanted === undefined || version === wanted || version.startsWith(`${wanted}.`);
}

function nameOf(browser: string): string {
  const name = browser.toLowerCase();
  return name === "microsoftedge" || name === "msedge" ? "edge" : name;
}
