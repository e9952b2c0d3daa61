import type { Http } from "./http.js";
import type { NewSchedule, Schedule, ScheduleChanges } from "./rest-types.js";

/** Schedules of a server, which start runs at times to come. */
export class Schedules {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** In the order of their names. */
  async list(): Promise<Schedule[]> {
    const { items } = await this.#http.json<{ items: Schedule[] }>("/api/schedules");
    return items;
  }

  async get(id: string): Promise<Schedule> {
    return await this.#http.json(pathOf(id));
  }

  async create(schedule: NewSchedule): Promise<Schedule> {
    return await this.#http.json("/api/schedules", { method: "POST", body: schedule });
  }

  /** Fields that are absent stay; `{ enabled: false }` holds it. */
  async update(id: string, changes: ScheduleChanges): Promise<Schedule> {
    return await this.#http.json(pathOf(id), { method: "PATCH", body: changes });
  }

  /** Deletes it; its runs stay. */
  async delete(id: string): Promise<void> {
    await this.#http.json(pathOf(id), { method: "DELETE" });
  }
}

function pathOf(id: string): string {
  return `/api/schedules/${encodeURIComponent(id)}`;
}
