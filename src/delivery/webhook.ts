import { postSigned } from "../client/signed-post.ts";
import { WEBHOOK_TIMEOUT_MS } from "../gateway/webhooks.ts";
import { withoutBeside } from "../model/beside.ts";
import type { StoredEvent } from "../ports/evidence.ts";
import type { Webhook, WebhookHealth } from "../ports/webhooks.ts";
import type { OutboundOutcome } from "../ports/world.ts";
import type { Ports } from "../ports.ts";
import { judgeWebhook, retryDelay, type Verdict } from "./webhook-schedule.ts";

// The deliveries of one webhook: the event feed, sent on in its order. The place in the feed moves only when the receiver has said
// that it has an event, or when an event is given up; so an event may arrive twice (under one webhook-id), and none gets lost.

/** Events read from the feed in one call. */
const PAGE = 50;
/** How long a run lasts, and how many requests it makes, before it makes place for another: a Worker invocation may make 1,000. */
const RUN = { ms: 60_000, requests: 500 };
/** When to look at the feed even if nobody calls, ms. */
const HEARTBEAT_MS = 30_000;

/** What a webhook's host keeps. */
export interface WebhookMemory {
  get(): WebhookHealth | null;
  /** Durable before the next request goes out. */
  set(health: WebhookHealth): void;
}

/** One webhook's deliveries. */
export interface WebhookRun {
  id: string;
  ports: Pick<Ports, "clock" | "ids" | "events" | "fetcher" | "secrets" | "webhooks" | "log">;
  memory: WebhookMemory;
  /** Whether the run shall end as soon as it can. */
  stopped(): boolean;
}

/** Where a new webhook stands. */
const fresh = ({ after_event }: Webhook): WebhookHealth => ({
  cursor: after_event,
  attempts: 0,
  delivered: 0,
  failed: 0,
  last_status: null,
  last_error: null,
  last_attempt_at: null,
  next_attempt_at: null,
});

/**
 * Sends what is there to send.
 * @returns when to run again, epoch ms; `idle`: it is disabled, not before it is told; `gone`: there is no such webhook
 */
export async function runWebhook({ id, ports, memory, stopped }: WebhookRun): Promise<number | "idle" | "gone"> {
  const webhook = await ports.webhooks.get(id);
  if (webhook === null) return "gone";
  if (webhook.status === "DISABLED") return "idle";
  const started = ports.clock.now();
  let health = memory.get() ?? fresh(webhook);
  if (health.next_attempt_at !== null && health.next_attempt_at > started) return health.next_attempt_at;
  const secret = await ports.secrets.open(webhook.secret, id);
  let sent = 0;
  for (;;) {
    const page = await ports.events.list({ after: health.cursor, types: webhook.types, limit: PAGE });
    for (const event of page.items) {
      if (stopped() || sent++ >= RUN.requests || ports.clock.now() - started > RUN.ms) return ports.clock.now();
      const outcome = await send(ports, webhook, secret, event);
      const verdict = judgeWebhook(outcome);
      // What an address of before says is nothing against the one it was given meanwhile.
      if (verdict.kind === "gone" && (stopped() || (await isChanged(ports, webhook)))) return ports.clock.now();
      health = after(health, event.id, outcome, verdict, ports.clock.now(), ports.ids.random());
      memory.set(health);
      if (verdict.kind === "gone") {
        await ports.webhooks.update(id, { status: "DISABLED" });
        ports.log.write("warn", "A webhook is disabled: its receiver answered 410", { webhook: id });
        return "idle";
      }
      if (health.next_attempt_at !== null) return health.next_attempt_at;
      if (health.cursor === event.id && verdict.kind !== "done") {
        ports.log.write("error", "An event is given up on a webhook", { webhook: id, event: event.id });
      }
    }
    if (page.last > health.cursor) {
      health = { ...health, cursor: page.last };
      memory.set(health);
    }
    if (page.items.length < PAGE) return ports.clock.now() + HEARTBEAT_MS;
  }
}

/** Whether somebody changed a webhook since it was read. */
async function isChanged({ webhooks }: Pick<Ports, "webhooks">, { id, url, updated_at }: Webhook): Promise<boolean> {
  const now = await webhooks.get(id);
  return now === null || now.url !== url || now.updated_at !== updated_at;
}

function send(
  ports: WebhookRun["ports"],
  { url }: Webhook,
  secret: string,
  { id, type, time, data }: StoredEvent,
): Promise<OutboundOutcome> {
  const message = { id: `evt_${id}`, type, time, data: withoutBeside(data) };
  return postSigned(ports, { url, secret, message, timeoutMs: WEBHOOK_TIMEOUT_MS });
}

/** How a webhook stands after an attempt. */
function after(
  health: WebhookHealth,
  event: number,
  outcome: OutboundOutcome,
  verdict: Verdict,
  now: number,
  random: number,
): WebhookHealth {
  const attempt = {
    last_status: outcome.kind === "answer" ? outcome.status : null,
    last_error: verdict.kind === "done" ? null : verdict.message,
    last_attempt_at: now,
    next_attempt_at: null,
  };
  if (verdict.kind === "done")
    return { ...health, ...attempt, cursor: event, attempts: 0, delivered: health.delivered + 1 };
  const attempts = health.attempts + 1;
  if (verdict.kind === "gone") return { ...health, ...attempt, attempts };
  const delay = retryDelay(verdict, attempts, random);
  if (delay === null) return { ...health, ...attempt, cursor: event, attempts: 0, failed: health.failed + 1 };
  return { ...health, ...attempt, attempts, next_attempt_at: now + delay };
}
