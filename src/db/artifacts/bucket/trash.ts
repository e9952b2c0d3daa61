import { DAY, isOver, isOwnPath, partsOf, TRASH } from "../names.js";
import type { ArtifactTrash } from "../ports.js";
import type { BucketObjects } from "./objects.js";

/** The trash of a bucket of artifacts: the keys below `trash/`. */
export class BucketTrash implements ArtifactTrash {
  readonly #objects: BucketObjects;
  readonly #now: Date;

  constructor(objects: BucketObjects, now: Date) {
    this.#objects = objects;
    this.#now = now;
  }

  async take(path: string): Promise<void> {
    const day = this.#now.toISOString().slice(0, 10);
    if (isOwnPath(path)) await this.#objects.move(path, `${TRASH}/${day}/${path}`);
  }

  async contents(): Promise<Map<string, string[]>> {
    const contents = new Map<string, string[]>();
    for await (const keys of this.#objects.list(`${TRASH}/`)) {
      for (const { day, runId } of keys.flatMap(trashedOf)) {
        const places = contents.get(runId) ?? [];
        const place = `${TRASH}/${day}/${runId}`;
        if (!places.includes(place)) contents.set(runId, [...places, place]);
      }
    }
    return contents;
  }

  async putBack(path: string, places: readonly string[]): Promise<boolean> {
    if (!isOwnPath(path)) return false;
    const { name } = partsOf(path);
    for (const place of places) if (await this.#objects.move(`${place}/${name}`, path)) return true;
    return false;
  }

  async empty(): Promise<number> {
    let deleted = 0;
    for await (const keys of this.#objects.list(`${TRASH}/`)) {
      const over = keys.filter((key) => trashedOf(key).some(({ day }) => isOver(day, this.#now)));
      await this.#objects.delete(over);
      deleted += over.length;
    }
    return deleted;
  }
}

/** The day and run of a file in the trash; none for any other key. */
function trashedOf(key: string): { day: string; runId: string }[] {
  const [, day = "", runId = "", name] = key.split("/");
  return DAY.test(day) && name !== undefined ? [{ day, runId }] : [];
}
