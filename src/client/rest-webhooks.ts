import type { Http } from "./http.js";
import { every, type Page, type Paging } from "./paging.js";
import type { DeliveryStatus, WebhookDelivery } from "./rest-types.js";

export interface DeliveryFilter {
  run_id?: string | undefined;
  status?: DeliveryStatus | undefined;
}

/** Messages of a server to its webhooks. They need the scope `admin`. */
export class Webhooks {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Newest first. */
  async list(query: DeliveryFilter & Paging = {}): Promise<Page<WebhookDelivery>> {
    return await this.#http.json("/api/webhook-deliveries", { query: { ...query } });
  }

  /** All that fit, newest first, page by page. */
  all(filter: DeliveryFilter = {}): AsyncGenerator<WebhookDelivery> {
    return every((paging) => this.list({ ...filter, ...paging }));
  }

  /** Has a message delivered again, at once. */
  async redeliver(id: string): Promise<WebhookDelivery> {
    const path = `/api/webhook-deliveries/${encodeURIComponent(id)}/redeliver`;
    return await this.#http.json(path, { method: "POST" });
  }
}
