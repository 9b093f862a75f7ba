import { DurableObject } from "cloudflare:workers";
import { eventOf, postResult } from "../../gateway/command-results.ts";
import { isFinal, step } from "../../gateway/command-state.ts";
import { COMMANDS, isLookedFor } from "../../gateway/command-types.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Command, CommandEvent, StepOutcome } from "../../ports/commands.ts";
import type { NewEvent } from "../../ports/evidence.ts";
import type { Ports } from "../../ports.ts";
import { compose } from "../compose.ts";

/** A command and what is owed because of it: written in one, so that a crash forgets neither. */
interface Kept {
  command: Command;
  /** Events the back office has not been told of yet. */
  events: NewEvent[];
  /** Results the partner has not been sent yet, oldest first. */
  posts: { result: JsonObject; attempts: number; at: number }[];
}

/** Waits before a result is posted again, ms; then it is given up. The partner does not wait for ever. */
const POST_AGAIN_MS = [2_000, 10_000];
/** When events that D1 did not take are tried again, ms. */
const TELL_AGAIN_MS = 5_000;
/** How long a command is kept: the URL it is answered by stays good, for late results and cancelled reservations, ms. */
const KEPT_MS = 30 * 86_400_000;
const KEY = "command";

/**
 * The host of one command, named by its unguessable id. What it means is `src/gateway/command-state.ts`; this class keeps the state,
 * holds the alarm clock, and lets callers wait. An id nobody gave out leaves nothing behind.
 */
export class CommandObject extends DurableObject<Env> {
  #ports: Ports | null = null;
  #waiting = new Set<() => void>();
  /** Only one tells at a time, or events would be told twice. */
  #telling: Promise<void> = Promise.resolve();

  /** Keeps a new command (JSON text) and tells its events. */
  async open(command: string, events: string): Promise<void> {
    if (this.#kept() !== null) throw new Error("a command of this id is there already");
    await this.#keep({ command: JSON.parse(command), events: JSON.parse(events), posts: [] });
    await this.#tell();
  }

  /** See {@link Commands.step}; takes and returns JSON text. */
  async step(of: string, event: string): Promise<string | null> {
    const kept = this.#kept();
    const { direction, partner, types } = JSON.parse(of) as { direction: string; partner?: string; types?: string[] };
    if (kept === null || kept.command.direction !== direction) return null;
    if (partner !== undefined && partner !== kept.command.partner) return null;
    if (types !== undefined && !types.includes(kept.command.type)) return null;
    const done = await this.#apply(kept, JSON.parse(event));
    return JSON.stringify(done);
  }

  /** The command as JSON text; null: there is none. Waits for its final state. */
  async read(waitMs: number): Promise<string | null> {
    const kept = this.#kept();
    if (kept === null) return null;
    if (waitMs > 0 && !isFinal(kept.command)) await this.#finalState(waitMs);
    return JSON.stringify(this.#kept()?.command ?? null);
  }

  /** Ends a command whose time is over, does what is owed, and forgets what is old. Never throws. */
  override async alarm(): Promise<void> {
    try {
      const kept = this.#kept();
      if (kept === null) return;
      const { command } = kept;
      if (Date.now() >= command.created_at + KEPT_MS) return await this.ctx.storage.deleteAll();
      // Cut off before there was an answer: it is less likely than another one that a session came of it.
      if (command.status === "SENDING" && isLookedFor(command)) await this.#compose().commands.doubt(command.id);
      if (!isFinal(command))
        await this.#apply(kept, { kind: "timeout", result: { result: COMMANDS[command.type].silence } });
      await this.#tell();
      await this.#post();
    } catch (error) {
      this.#compose().log.write("error", "a command's alarm failed", { error: String(error) });
      // What is due still is: not at once, or it would fail for ever without a pause.
      await this.ctx.storage.setAlarm(Date.now() + TELL_AGAIN_MS);
      return;
    }
    await this.#setAlarm(this.#kept());
  }

  async #apply(kept: Kept, event: CommandEvent): Promise<{ outcome: StepOutcome; command: Command }> {
    const now = Date.now();
    const { outcome, command, effects } = step(kept.command, event, now);
    if (outcome !== "changed") return { outcome, command };
    const next: Kept = { command, events: [...kept.events], posts: [...kept.posts] };
    for (const effect of effects) {
      if (effect.kind === "tell") next.events.push(eventOf(command, effect, now));
      else next.posts.push({ result: effect.result, attempts: 0, at: now });
    }
    await this.#keep(next);
    if (isFinal(command)) for (const resume of this.#waiting) resume();
    await this.#tell();
    return { outcome, command };
  }

  /** Tells the back office what it has not been told. What fails is owed, and tried again by the alarm. */
  #tell(): Promise<void> {
    const before = this.#telling.catch(() => undefined);
    this.#telling = before.then(async () => {
      const events = this.#kept()?.events ?? [];
      if (events.length === 0) return;
      try {
        await this.#compose().events.append(events);
      } catch (error) {
        this.#compose().log.write("warn", "a command's event waits", { error: String(error) });
        return;
      }
      const kept = this.#kept();
      if (kept !== null) await this.#keep({ ...kept, events: kept.events.slice(events.length) });
    });
    return this.#telling;
  }

  /** Posts the oldest result that is due. */
  async #post(): Promise<void> {
    for (;;) {
      const before = this.#kept();
      const due = before?.posts[0];
      if (before === null || due === undefined || due.at > Date.now()) return;
      const call = await postResult(this.#compose(), before.command, due.result);
      const kept = this.#kept();
      if (kept === null) return;
      const [, ...rest] = kept.posts;
      const again = POST_AGAIN_MS[due.attempts];
      const mayWork = ["throttled", "failed", "timeout", "unreachable"].includes(call.outcome);
      if (call.outcome !== "ok" && mayWork && again !== undefined) {
        const at = Date.now() + Math.max(again, Math.min(call.retryAfterMs ?? 0, 60_000));
        this.ctx.storage.kv.put(KEY, { ...kept, posts: [{ ...due, attempts: due.attempts + 1, at }, ...rest] });
        continue;
      }
      this.ctx.storage.kv.put(KEY, { ...kept, posts: rest });
      if (call.outcome === "ok") continue;
      const message = `The result was not handed over: ${call.message ?? call.outcome}`;
      const error = { message, http_status: call.http, ocpi_status: call.code };
      await this.#apply({ ...kept, posts: rest }, { kind: "unposted", error });
    }
  }

  #finalState(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        this.#waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, waitMs);
      this.#waiting.add(resume);
    });
  }

  #kept(): Kept | null {
    return this.ctx.storage.kv.get<Kept>(KEY) ?? null;
  }

  async #keep(kept: Kept): Promise<void> {
    this.ctx.storage.kv.put(KEY, kept);
    await this.#setAlarm(kept);
  }

  /** The next time something is due: what is owed, the end of waiting, or of the command. */
  async #setAlarm(kept: Kept | null): Promise<void> {
    if (kept === null) return;
    const { command, events, posts } = kept;
    const times = [command.created_at + KEPT_MS, ...posts.slice(0, 1).map(({ at }) => at)];
    if (!isFinal(command)) times.push(command.expires_at);
    if (events.length > 0) times.push(Date.now() + TELL_AGAIN_MS);
    await this.ctx.storage.setAlarm(Math.min(...times));
  }

  #compose(): Ports {
    this.#ports ??= compose(this.env, (work) => this.ctx.waitUntil(work));
    return this.#ports;
  }
}
