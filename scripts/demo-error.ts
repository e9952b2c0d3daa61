/** The demo cannot be run as things are; the message is a line that says what to do. */
export class DemoError extends Error {
  override readonly name = "DemoError";
}
