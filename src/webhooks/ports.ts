/** One attempt to deliver, and its outcome. */
export interface DeliveryAttempt {
  /** ISO 8601. */
  at: string;
  /** Status of the answer; null where there was none. */
  status: number | null;
  /** Why the message does not count as delivered; null where it does. */
  error: string | null;
  durationMs: number;
}

export type DeliveryStatus = "pending" | "delivered" | "failed";

/** A message to a webhook, that a run has finished. */
export interface Delivery {
  /** The same with every attempt, by which a receiver knows a message that comes twice. */
  id: string;
  runId: string;
  /** Name of its target, see `WebhookTarget`. */
  target: string;
  status: DeliveryStatus;
  attempts: readonly DeliveryAttempt[];
  createdAt: Date;
  /** Null once there will be no further one. */
  nextAttemptAt: Date | null;
}

export interface DeliveryFilter {
  runId?: string | undefined;
  status?: DeliveryStatus | undefined;
}

/** A place in the list of deliveries. */
export type DeliveryPlace = Pick<Delivery, "createdAt" | "id">;

/** The messages to webhooks. Each is stored together with the verdict that it tells, so that none is lost. */
export interface DeliveryStore {
  /** Those that are to be attempted by now, the longest due first. */
  findDueDeliveries(now: Date, limit: number): Promise<Delivery[]>;
  /** Saves the outcome of an attempt. A delivery whose run was deleted meanwhile is no error. */
  updateDelivery(id: string, changes: Pick<Delivery, "status" | "attempts" | "nextAttemptAt">): Promise<void>;
  /** Makes a delivery due at a time, whatever came of it so far. @returns undefined when there is none with this id */
  redeliver(id: string, at: Date): Promise<Delivery | undefined>;
  findDelivery(id: string): Promise<Delivery | undefined>;
  /** Newest first. */
  listDeliveries(
    filter: DeliveryFilter,
    page: { limit: number; before: DeliveryPlace | undefined },
  ): Promise<Delivery[]>;
  /** Deletes those that will not be attempted again. @returns how many */
  deleteDeliveries(before: Date): Promise<number>;
}
