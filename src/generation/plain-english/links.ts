/** "[Save](https://…)" of Markdown. */
const LINK = /\[([^[\]\n]{1,200})\]\((\S{1,2000}?)(?: "[^"\n]{0,200}")?\)/y;

const OPENING =
  /\b(?:open|visit|navigate|browse|go|load|launch|access|start)(?:s|ed|es|ing)?\b[^.!?\n]{0,80}$/i;

/**
 * A link of a description: for something that is opened it stands for its address, else for what it says.
 */
export function linkAt(source: string, at: number): { raw: string; value: string } | undefined {
  if (source[at] !== "[") return undefined;
  LINK.lastIndex = at;
  const [raw, text, address] = LINK.exec(source) ?? [];
  if (raw === undefined || text === undefined || address === undefined) return undefined;
  const isOpened = /^https?:/i.test(address) && OPENING.test(source.slice(Math.max(0, at - 120), at));
  return { raw, value: isOpened ? address : text.replace(/\*\*|__|`/g, "") };
}
