/** Times as the fields for them write them. */

const TIME = /^(?:(\d{4,6}-\d\d-\d\d)[T ])?(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/;

/**
 * A time, or a date with one, without seconds and fractions that are 0, which fields write or leave out as they like
 * (https://html.spec.whatwg.org/#valid-normalised-local-date-and-time-string). Any other text stays as it is.
 */
export function plainTime(text: string): string {
  const [, date, time, seconds = "00", fraction = ""] = TIME.exec(text.trim()) ?? [];
  if (time === undefined) return text;
  const part = fraction.replace(/0+$/, "");
  const exact = seconds === "00" && part === "" ? "" : `:${seconds}${part === "" ? "" : `.${part}`}`;
  return `${date === undefined ? "" : `${date}T`}${time}${exact}`;
}
