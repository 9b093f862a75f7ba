import { DurableObject } from "cloudflare:workers";
import { addPull } from "../../delivery/pull-run.ts";
import { health, oweAnnouncement, type Pump, retryNow, runPump, startAnew, startFeed } from "../../delivery/pump.ts";
import { deliveryOf } from "../../delivery/settle.ts";
import { type PullStore, type PumpStore, rowOfDelivery } from "../../delivery/state.ts";
import type { Delivery, Pull, PullRequest } from "../../ports/evidence.ts";
import type { Ports } from "../../ports.ts";
import { compose } from "../compose.ts";
import { pullStore } from "../d1/pulls.ts";
import { partnerPumpStore, sqliteOf } from "./partner-store.ts";

/** Wake-ups closer together than this are one run, ms. */
const PACE_MS = 1_000;
/** When to try again after a run that broke (D1 not answering), ms. */
const AFTER_FAILURE_MS = 5_000;

/**
 * The host of one partner's pump, named by the partner's id. All work is done in its alarm, so there is exactly one run at a time and a
 * slow partner delays only itself; a run that dies with the process is made again when the alarm is. The logic is
 * `src/delivery/`; this class holds the alarm clock.
 */
export class PartnerObject extends DurableObject<Env> {
  readonly #store: PumpStore = partnerPumpStore(sqliteOf(this.ctx.storage));
  readonly #pulls: PullStore = pullStore(this.env.DB);
  #ports: Ports | null = null;
  /** The run under way: `stop` ends it as soon as it can, `again` has another follow at once. */
  #run: { stop: boolean; again: boolean } | null = null;
  #lastRunAt = 0;

  /** There may be something new. */
  async wake(partner: string): Promise<void> {
    this.#know(partner);
    await this.#runAt(Math.max(Date.now(), this.#lastRunAt + PACE_MS));
  }

  /** See {@link PartnerHosts}. The feed counts from here: what is written after this returns is pushed. */
  async reconfigure(partner: string, what: "registered" | "changed" | "stopped"): Promise<void> {
    this.#know(partner);
    if (this.#run) this.#run.stop = true;
    if (what === "registered") startAnew(this.#store, Date.now());
    if (what !== "stopped") await startFeed(this.#pump(partner));
    await this.#runAt(Date.now());
  }

  /** Our parties changed: the partner is owed a credentials update. */
  async announceParties(partner: string): Promise<void> {
    this.#know(partner);
    oweAnnouncement(this.#store, Date.now());
    await this.#runAt(Date.now());
  }

  async startPull(partner: string, id: string, request: PullRequest): Promise<void> {
    this.#know(partner);
    await addPull(this.#pump(partner), id, request);
    await this.#runAt(Date.now());
  }

  async pull(partner: string, id: string): Promise<Pull | null> {
    return this.#pulls.get(partner, id);
  }

  /** Deliveries behind the one named `after`, oldest first. */
  deliveries(partner: string, query: { state?: string; module?: string; after?: string; limit: number }): Delivery[] {
    const after = query.after === undefined ? 0 : (rowOfDelivery(query.after) ?? 0);
    return this.#store.list({ ...query, after }).map((row) => deliveryOf(partner, row, this.#store.told(row.n)));
  }

  /** Tries one delivery again now, or all that wait or were given up or refused; false: there is no such delivery. */
  async retry(partner: string, delivery: string | null): Promise<boolean> {
    this.#know(partner);
    const n = delivery === null ? null : rowOfDelivery(delivery);
    if ((delivery !== null && n === null) || !retryNow(this.#store, n, Date.now())) return false;
    if (this.#run) this.#run.stop = true;
    await this.#runAt(Date.now());
    return true;
  }

  /** JSON text of Partner.health. */
  health(): string {
    return JSON.stringify(health(this.#store));
  }

  /** Runs the pump and sets the alarm for the next run. Never throws: an alarm that throws is repeated on the platform's terms. */
  override async alarm(): Promise<void> {
    const partner = this.#store.get<string>("id");
    if (partner === null || this.#run) return;
    const run = { stop: false, again: false };
    this.#run = run;
    this.#lastRunAt = Date.now();
    let next: number | null = null;
    try {
      next = await runPump(this.#pump(partner));
    } catch (error) {
      this.#compose().log.write("error", "pump failed", { partner, error: String(error) });
      next = Date.now() + AFTER_FAILURE_MS;
    }
    this.#run = null;
    if (run.stop) next = Date.now();
    else if (run.again) next = Math.max(Date.now(), this.#lastRunAt + PACE_MS);
    if (next !== null) await this.#runAt(next);
  }

  /** Sees to it that there is a run at `time` or earlier. */
  async #runAt(time: number): Promise<void> {
    if (this.#run && time <= Date.now() + PACE_MS) {
      this.#run.again = true;
      return;
    }
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > time) await this.ctx.storage.setAlarm(time);
  }

  /** The object cannot tell its own name: it is told by every call and keeps it for the alarm. */
  #know(partner: string): void {
    if (this.#store.get<string>("id") !== partner) this.#store.set("id", partner);
  }

  #pump(partner: string): Pump {
    const run = this.#run;
    return {
      partner,
      ports: this.#compose(),
      store: this.#store,
      pulls: this.#pulls,
      stopped: () => run?.stop ?? false,
    };
  }

  #compose(): Ports {
    this.#ports ??= compose(this.env, (work) => this.ctx.waitUntil(work));
    return this.#ports;
  }
}
