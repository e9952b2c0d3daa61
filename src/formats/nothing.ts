/** "N/A", "-": a person's way to leave a cell empty. */
export function isNothing(text: string): boolean {
  return /^(?:|[-–—]+|n\/?a\.?|none\.?|nil)$/i.test(text.trim());
}
