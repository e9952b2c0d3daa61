/**
 * A promise, as text for a page, that is kept in a later task: once the page has done what it had to do by now. An
 * application can end every timer of its window, ours too; a task of the scheduler it cannot.
 *
 * @param ms how much later, in milliseconds
 */
export function laterInPage(ms = 0): string {
  return `new Promise((done) => {
    setTimeout(done, ${ms});
    if (typeof globalThis.scheduler?.postTask === "function") globalThis.scheduler.postTask(done, { delay: ${ms + LATER_MS} });
  })`;
}

/** How long a timer is given before it counts as ended by the application, in milliseconds. */
const LATER_MS = 50;
