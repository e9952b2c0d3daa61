/** Most characters of a field that is one of several for the parts of a code, a date or a number. */
const MOST_OF_A_PART = 2;
/** Width of such a field, in heights of its letters. */
const WIDTH_OF_A_PART = 2.5;

/**
 * True for a field that is only for a part of the text, such as one digit of a code: the page takes the focus on to the
 * next one, perhaps a moment after the key, and a key that comes sooner would be lost.
 *
 * @param text the text to be typed; missing where the page must not know it
 */
export function isForPartOf(
  text: string | undefined,
  field: HTMLInputElement | HTMLTextAreaElement,
): boolean {
  const length = text === undefined ? Infinity : text.length;
  if (length < 2) return false;
  const { maxLength } = field;
  if (maxLength > 0 && maxLength < length && (text !== undefined || maxLength <= MOST_OF_A_PART)) return true;
  const { fontSize, paddingLeft, paddingRight } = getComputedStyle(field);
  const width = field.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  return length > MOST_OF_A_PART && width < WIDTH_OF_A_PART * Number.parseFloat(fontSize);
}
