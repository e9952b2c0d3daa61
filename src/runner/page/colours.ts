/** Opacity of a computed colour: `rgba(0, 0, 0, 0.5)`, `color(srgb 0 0 0 / 0.5)`. One without a part for it is opaque. */
export function alphaOf(colour: string): number {
  const part = /^rgba\(.*,\s*([\d.]+)\)$/.exec(colour) ?? /\/\s*([\d.]+)(%?)\s*\)$/.exec(colour);
  if (part === null) return colour === "transparent" ? 0 : 1;
  return Number(part[1]) / (part[2] === "%" ? 100 : 1);
}
