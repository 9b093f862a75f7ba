import * as v from "valibot";
import { judgeWebhook } from "../../delivery/webhook-schedule.ts";
import { changeWebhook, createWebhook, removeWebhook, testWebhook, unknownWebhook } from "../../gateway/webhooks.ts";
import { err, ok } from "../../lib/result.ts";
import { formatTime } from "../../lib/time.ts";
import type { Webhook, WebhookHealth } from "../../ports/webhooks.ts";
import { cursorOf, listEntries, readCursor } from "../query.ts";
import {
  NewWebhook,
  WebhookInput,
  WebhookList,
  WebhookPatch,
  Webhook as WebhookSchema,
  WebhookTest,
} from "../schemas/webhooks.ts";
import { row } from "../table.ts";

const tag = "Events";
const Position = v.object({ after: v.string() });

export const webhookRows = [
  row({
    id: "createWebhook",
    method: "POST",
    path: "/webhooks",
    tag,
    summary: "Have events sent to you",
    description:
      "Each event raised from now on is posted as Standard Webhooks 1.0 has it: headers `webhook-id` (the same on every attempt), `webhook-timestamp` and `webhook-signature`; body `{ type, timestamp, data }`. Events come in their order, at least once. Anything but a 2xx is tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h (a 4xx three times), then given up; 410 disables the webhook.",
    body: {
      schema: WebhookInput,
      limit: "small",
      required: true,
      example: { url: "https://backoffice.example.com/events", types: ["session.*", "cdr.received"] },
    },
    answers: { 201: { description: "Created", content: { "application/json": NewWebhook } } },
    async operate({ ports, body, base }) {
      const { url, types, description } = body;
      const made = await createWebhook(ports, { url, types: types ?? [], description: description ?? null }, base);
      if (!made.ok) return made;
      const { webhook, secret } = made.value;
      const headers = { Location: `${base}/api/v1/webhooks/${webhook.id}` };
      return ok({ status: 201, json: { ...webhookView(webhook), secret }, headers });
    },
  }),
  row({
    id: "listWebhooks",
    method: "GET",
    path: "/webhooks",
    tag,
    summary: "Where events are sent to",
    query: v.object(listEntries),
    answers: { 200: { description: "Webhooks, oldest first", content: { "application/json": WebhookList } } },
    async operate({ ports, query }) {
      const position = readCursor(Position, query.cursor);
      if (!position.ok) return position;
      const all = await ports.webhooks.list();
      const after = position.value?.after;
      const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const page = all.slice(start, start + query.limit);
      const last = page.at(-1);
      const next_cursor = last && all.length > start + page.length ? cursorOf({ after: last.id }) : null;
      return ok({ status: 200, json: { items: page.map(webhookView), next_cursor } });
    },
  }),
  row({
    id: "getWebhook",
    method: "GET",
    path: "/webhooks/{id}",
    tag,
    summary: "One webhook, and how its deliveries fare",
    answers: { 200: { description: "The webhook", content: { "application/json": WebhookSchema } } },
    refusals: ["unknown_object"],
    async operate({ ports, params: { id } }) {
      const webhook = await ports.webhooks.get(id);
      if (webhook === null) return err(unknownWebhook(id));
      return ok({ status: 200, json: await withDelivery(ports, webhook) });
    },
  }),
  row({
    id: "patchWebhook",
    method: "PATCH",
    path: "/webhooks/{id}",
    tag,
    summary: "Change a webhook",
    description: "An event that waits for another attempt is tried again at once.",
    body: { schema: WebhookPatch, limit: "small", required: true, also: ["application/merge-patch+json"] },
    answers: { 200: { description: "The webhook after it", content: { "application/json": WebhookSchema } } },
    refusals: ["unknown_object"],
    async operate({ ports, params: { id }, body, base }) {
      const { url, types, description, status } = body;
      const change = {
        ...(url === undefined ? {} : { url }),
        ...(types === undefined ? {} : { types: types ?? [] }),
        ...(description === undefined ? {} : { description }),
        ...(status === undefined ? {} : { status }),
      };
      const changed = await changeWebhook(ports, id, change, base);
      if (!changed.ok) return changed;
      return ok({ status: 200, json: await withDelivery(ports, changed.value) });
    },
  }),
  row({
    id: "deleteWebhook",
    method: "DELETE",
    path: "/webhooks/{id}",
    tag,
    summary: "Send no more events there",
    answers: { 204: { description: "Removed" } },
    refusals: ["unknown_object"],
    async operate({ ports, params: { id } }) {
      const removed = await removeWebhook(ports, id);
      return removed.ok ? ok({ status: 204 }) : removed;
    },
  }),
  row({
    id: "testWebhook",
    method: "POST",
    path: "/webhooks/{id}/test",
    tag,
    summary: "Send a test event now",
    description: "Posts an event `webhook.test`, signed, once, whatever else waits and whatever `types` says.",
    answers: { 200: { description: "What came of it", content: { "application/json": WebhookTest } } },
    refusals: ["unknown_object"],
    async operate({ ports, params: { id } }) {
      const tested = await testWebhook(ports, id);
      if (!tested.ok) return tested;
      const verdict = judgeWebhook(tested.value);
      const http_status = tested.value.kind === "answer" ? tested.value.status : null;
      const error = verdict.kind === "done" ? null : verdict.message;
      return ok({ status: 200, json: { delivered: verdict.kind === "done", http_status, error } });
    },
  }),
];

/** A webhook without its secret. */
function webhookView({ id, url, types, description, status, created_at, updated_at }: Webhook) {
  const times = { created_at: formatTime(created_at), updated_at: formatTime(updated_at) };
  return { id, url, types, description, status, ...times };
}

async function withDelivery(
  { webhookHosts }: { webhookHosts: { health(id: string): Promise<WebhookHealth | null> } },
  webhook: Webhook,
) {
  const health = await webhookHosts.health(webhook.id);
  if (health === null) return { ...webhookView(webhook), delivery: null };
  const { cursor, last_attempt_at, next_attempt_at, ...rest } = health;
  const time = (ms: number | null) => (ms === null ? null : formatTime(ms));
  const delivery = {
    last_event: String(cursor),
    ...rest,
    last_attempt_at: time(last_attempt_at),
    next_attempt_at: time(next_attempt_at),
  };
  return { ...webhookView(webhook), delivery };
}
