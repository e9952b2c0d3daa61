import type { PageSnapshot, SeenNode } from "../ports.js";

/** Longest text of one part once no secret is left in it, in characters. */
const MAX_TEXT = 300;

/** The snapshot without the secrets of a run, however a page shows them. */
export function withoutSecrets(snapshot: PageSnapshot, mask: (text: string) => string): PageSnapshot {
  const masked = (text: string) => shortened(mask(text));
  /** A locator that a secret is part of finds nothing once it is hidden. */
  const isPlain = (value: unknown) => {
    const text = JSON.stringify(value);
    return mask(text) === text;
  };
  const node = (seen: SeenNode): SeenNode => ({
    ...seen,
    name: masked(seen.name),
    ...(seen.value !== undefined && { value: masked(seen.value) }),
    ...(seen.options !== undefined && { options: seen.options.map(masked) }),
    ...(seen.leadsTo !== undefined && { leadsTo: mask(seen.leadsTo) }),
    hints: seen.hints.map(({ from, text }) => ({ from, text: masked(text) })),
    locators: seen.locators.filter(isPlain),
  });
  return {
    ...snapshot,
    url: mask(snapshot.url),
    title: masked(snapshot.title),
    nodes: snapshot.nodes.map(node),
    frames: snapshot.frames.map((frame) => ({ ...frame, locators: frame.locators.filter(isPlain) })),
  };
}

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
