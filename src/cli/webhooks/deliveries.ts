import type { WebhookDelivery } from "../../client/index.js";
import { oneLine, printableJson } from "../../one-line.js";
import { DeliveryStatus } from "../../protocol/rest/webhooks.js";
import { CommandError, type CommandContext } from "../command-context.js";
import { ownAddress } from "../server-address.js";
import { restOf } from "../server-rest.js";

interface ServerOption {
  /** @defaultValue the one of this machine */
  server?: string;
}

export interface ListOptions extends ServerOption {
  status?: string;
  run?: string;
  json?: boolean;
}

export interface RedeliverOptions extends ServerOption {
  failed?: boolean;
}

/** Prints what webhooks were told of runs. */
export async function listDeliveries(
  { status: asked, run, json = false, ...place }: ListOptions,
  context: CommandContext,
): Promise<void> {
  const { data: status, error } = DeliveryStatus.optional().safeParse(asked);
  if (error) throw new CommandError(`--status: '${asked ?? ""}' is none of pending, delivered and failed.`);
  const deliveries: WebhookDelivery[] = [];
  const found = webhooksOf(place, context).all({ status, run_id: run });
  for await (const delivery of found) deliveries.push(delivery);
  if (json) context.print(printableJson(JSON.stringify(deliveries, null, 2)));
  else for (const delivery of deliveries) context.print(oneLine(lineOf(delivery)));
  if (deliveries.length === 0) context.remark("There is none.");
}

/** Has messages delivered again: those that are named, or all that were given up. */
export async function redeliver(
  named: readonly string[],
  { failed = false, ...place }: RedeliverOptions,
  context: CommandContext,
): Promise<void> {
  if (named.length === 0 && !failed) {
    throw new CommandError(
      "redeliver: which messages? Name ids, as webhooks list tells them, or give --failed.",
    );
  }
  const webhooks = webhooksOf(place, context);
  const ids = [...named];
  if (failed) for await (const { id } of webhooks.all({ status: "failed" })) ids.push(id);
  for (const id of new Set(ids)) {
    await webhooks.redeliver(id);
    context.print(id);
  }
  context.remark(`${new Set(ids).size} delivered again; webhooks list tells what comes of it.`);
}

function webhooksOf({ server }: ServerOption, { environment }: CommandContext) {
  return restOf(server ?? ownAddress(environment).href, environment).webhooks;
}

function lineOf({ id, status, run_id: run, target, attempts, created_at: at }: WebhookDelivery): string {
  const last = attempts.at(-1);
  const outcome = last?.error ?? (last?.status === undefined ? "not attempted yet" : String(last.status));
  return `${id}  ${status}  ${at}  run ${run}  ${target}  ${outcome}`;
}
