import { DurableObject } from "cloudflare:workers";
import { runWebhook } from "../../delivery/webhook.ts";
import type { WebhookHealth } from "../../ports/webhooks.ts";
import type { Ports } from "../../ports.ts";
import { compose } from "../compose.ts";

/** When to try again after a run that broke (D1 not answering), ms. */
const AFTER_FAILURE_MS = 5_000;

/**
 * The host of one webhook's deliveries, named by the webhook's id. All work is done in its alarm, so events go out one after
 * the other and a slow receiver delays only itself; a run that dies with the process is made again when the alarm is. The logic is
 * `src/delivery/webhook.ts`; this class holds the alarm clock and the place in the feed.
 */
export class WebhookObject extends DurableObject<Env> {
  #ports: Ports | null = null;
  /** The run under way: `stop` ends it as soon as it can, `again` has another follow at once. */
  #run: { stop: boolean; again: boolean } | null = null;

  /** There may be events. What waits for another attempt goes on waiting. */
  async wake(id: string): Promise<void> {
    this.#know(id);
    await this.#runAt(Date.now());
  }

  /** The webhook was changed: what waits is tried now, as if for the first time. */
  async retry(id: string): Promise<void> {
    this.#know(id);
    const health = await this.health();
    if (health !== null) this.ctx.storage.kv.put("health", { ...health, attempts: 0, next_attempt_at: null });
    if (this.#run) this.#run.stop = true;
    await this.#runAt(Date.now());
  }

  /** The webhook is gone. */
  async forget(): Promise<void> {
    if (this.#run) this.#run.stop = true;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  async health(): Promise<WebhookHealth | null> {
    return this.ctx.storage.kv.get<WebhookHealth>("health") ?? null;
  }

  /** Sends what is there to send and sets the alarm for the next run. Never throws: an alarm that throws is repeated on the platform's terms. */
  override async alarm(): Promise<void> {
    const { kv } = this.ctx.storage;
    const id = kv.get<string>("id");
    if (id === undefined || this.#run) return;
    const run = { stop: false, again: false };
    this.#run = run;
    let next: number | "idle" | "gone";
    try {
      const memory = {
        get: () => kv.get<WebhookHealth>("health") ?? null,
        set: (health: WebhookHealth) => {
          // Told to stop, it was changed or forgotten meanwhile: an event that is on its way then is sent once more.
          if (!run.stop) kv.put("health", health);
        },
      };
      next = await runWebhook({ id, ports: this.#compose(), memory, stopped: () => run.stop });
    } catch (error) {
      this.#compose().log.write("error", "webhook run failed", { webhook: id, error: String(error) });
      next = Date.now() + AFTER_FAILURE_MS;
    }
    this.#run = null;
    if (kv.get("id") === undefined) return;
    if (next === "gone") return this.forget();
    if (run.stop || run.again) next = Date.now();
    if (next !== "idle") await this.#runAt(next);
  }

  /** Sees to it that there is a run at `time` or earlier. */
  async #runAt(time: number): Promise<void> {
    if (this.#run) {
      this.#run.again = true;
      return;
    }
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > time) await this.ctx.storage.setAlarm(time);
  }

  /** The object cannot tell its own name: it is told by every call and keeps it for the alarm. */
  #know(id: string): void {
    if (this.ctx.storage.kv.get("id") !== id) this.ctx.storage.kv.put("id", id);
  }

  #compose(): Ports {
    this.#ports ??= compose(this.env, (work) => this.ctx.waitUntil(work));
    return this.#ports;
  }
}
