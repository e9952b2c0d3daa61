/** Largest text frame a client may send, in bytes. A larger one closes its socket with {@link CloseCode.FrameTooLarge}. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** Longest `request_id`, in characters. */
export const MAX_REQUEST_ID_LENGTH = 64;

/** Lengths of an `idempotency_key`, in characters. It has to be long enough that nobody guesses another's. */
export const IDEMPOTENCY_KEY_LENGTH = { min: 16, max: 64 } as const;

/** Time for which the server remembers an `idempotency_key`, in hours. */
export const IDEMPOTENCY_HOURS = 24;

/** Longest description a test case can be generated from, in characters. */
export const MAX_DESCRIPTION_LENGTH = 20_000;

/** Most test cases that are generated from one description. */
export const MAX_GENERATED_CASES = 100;

/** Most commands one script may hold. */
export const MAX_COMMANDS = 500;

/** Longest text in any field of a command, in characters. */
export const MAX_COMMAND_TEXT_LENGTH = 20_000;

/** Longest time a command may wait, in seconds: for `timeout` and for `duration`. */
export const MAX_COMMAND_SECONDS = 300;

/** Longest time between two keys of a text, in milliseconds. */
export const MAX_KEY_DELAY = 1_000;

/** Longest deadline of a step or a run, in seconds. */
export const MAX_DEADLINE_SECONDS = 86_400;

/** Most retries of a run. */
export const MAX_RETRIES = 5;

/** Priorities of a run, and the one that a run has unless it asks for another. The highest number goes first. */
export const PRIORITY = { min: 0, max: 9, default: 5 } as const;
