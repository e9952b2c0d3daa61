import { expect, test } from "vitest";
import { InProcessQueue } from "../../../src/execution/queue.js";

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

test("runs as many jobs at a time as it may, in the order in which they came", async () => {
  const queue = new InProcessQueue({ concurrency: 2, capacity: 10 });
  const order: number[] = [];
  const jobs = [0, 1, 2, 3].map((number) => {
    const { promise, resolve } = deferred();
    const job = queue.add(() => {
      order.push(number);
      return promise;
    });
    return { job, resolve };
  });
  expect(order).toEqual([0, 1]);
  expect(jobs.map(({ job }) => job.position)).toEqual([0, 0, 1, 2]);
  jobs[1]?.resolve();
  await new Promise(setImmediate);
  expect(order).toEqual([0, 1, 2]);
  expect(jobs[3]?.job.position).toBe(1);
});

test("a job that waits can be taken out, one that has started cannot", async () => {
  const queue = new InProcessQueue({ concurrency: 1, capacity: 10 });
  const { promise, resolve } = deferred();
  const first = queue.add(() => promise);
  let ran = false;
  const second = queue.add(() => {
    ran = true;
    return Promise.resolve();
  });
  expect(first.remove()).toBe(false);
  expect(second.remove()).toBe(true);
  resolve();
  await new Promise(setImmediate);
  expect(ran).toBe(false);
});

test("a job that rejects makes room like any other", async () => {
  const queue = new InProcessQueue({ concurrency: 1, capacity: 1 });
  queue.add(() => Promise.reject(new Error("broken")));
  let ran = false;
  queue.add(() => {
    ran = true;
    return Promise.resolve();
  });
  expect(queue.isFull).toBe(true);
  await new Promise(setImmediate);
  expect(ran).toBe(true);
  expect(queue.isFull).toBe(false);
});
