/** Largest text frame a client may send, in bytes. A larger one closes its socket with {@link CloseCode.FrameTooLarge}. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** Longest `request_id`, in characters. */
export const MAX_REQUEST_ID_LENGTH = 64;

/** Longest description a test case can be generated from, in characters. */
export const MAX_DESCRIPTION_LENGTH = 20_000;

/** Most commands one script may hold. */
export const MAX_COMMANDS = 500;

/** Longest text in any field of a command, in characters. */
export const MAX_COMMAND_TEXT_LENGTH = 20_000;

/** Longest time a command may wait, in seconds: for `timeout` and for `duration`. */
export const MAX_COMMAND_SECONDS = 300;
