/** Time by which a timer is late before it counts as ended by the application, in milliseconds. */
const TIMER_GRACE_MS = 50;

/**
 * Resolves in a later task: once the page has done what it had to do by now. An application can end every timer of its
 * window, ours too, but not a task of the scheduler.
 *
 * @param ms how much later, in milliseconds
 */
export function later(ms = 0): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
    const { scheduler } = globalThis as { scheduler?: Partial<Scheduler> };
    if (typeof scheduler?.postTask === "function") {
      void scheduler.postTask(
        () => {
          done();
        },
        { delay: ms + TIMER_GRACE_MS },
      );
    }
  });
}
