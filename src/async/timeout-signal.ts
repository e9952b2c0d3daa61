/**
 * A signal that is aborted after a time with a `TimeoutError`, like that of `AbortSignal.timeout`, but without fail.
 *
 * Node.js lets a timeout's signal be collected together with its timer as soon as only signals made of it with
 * `AbortSignal.any` are left; those then never abort: https://github.com/nodejs/node/issues/57736. Here the timer
 * holds the signal. It does not keep the process alive.
 *
 * @param ms the time, in milliseconds
 * @param message the reason, as the message of an ordinary Error
 * @defaultValue that `TimeoutError`
 */
export function timeoutSignal(ms: number, message?: string): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    controller.abort(
      message === undefined
        ? new DOMException("The operation was aborted due to timeout", "TimeoutError")
        : new Error(message),
    );
  };
  setTimeout(end, ms).unref();
  return controller.signal;
}
