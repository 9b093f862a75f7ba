import { DurableObject } from "cloudflare:workers";
import { isIdle, writeOf } from "../../gateway/apply.ts";
import { mayTie, tieSession } from "../../gateway/command-ties.ts";
import { refOf } from "../../gateway/keys.ts";
import { applySession, hasEnded, isUrgent } from "../../gateway/session-state.ts";
import type { JsonObject } from "../../lib/json.ts";
import { mergePatch } from "../../lib/merge-patch.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { withoutBeside } from "../../model/beside.ts";
import type { Reason } from "../../ocpi/status.ts";
import { readOwn } from "../../operator/own-objects.ts";
import type { Applied, Loaded, ObjectRef, StoredObject } from "../../ports/objects.ts";
import type { SessionMessage } from "../../ports/sessions.ts";
import type { Ports } from "../../ports.ts";
import { compose } from "../compose.ts";

/** After how long meter values and periods are written, ms: they may be two seconds behind in the database. */
const BEHIND_MS = 1_500;
/** When to try again after the database did not answer, ms. */
const AFTER_FAILURE_MS = 2_000;
/** How often it is at least looked whether a session has grown stale, ms: the owner may have changed after how long it has. */
const LOOK_MS = 3_600_000;
/** When the command a session came of is looked up again, in case a crash came between; then when that fails, and for how long, ms. */
const TIE_AGAIN_MS = 2_000;
const TIE_LATER_MS = 30_000;
const TIE_FOR_MS = 3_600_000;
/** How often a write that lost against one from elsewhere is decided anew. */
const ATTEMPTS = 5;

/** When something was last heard of the session, epoch ms, and whether the back office was told that it is long ago. */
interface Heard {
  at: number;
  told: boolean;
}

/** Of what a change may say of which command its session came: the version it was said in, which change, and when, epoch ms. */
interface Untied {
  origin: string;
  mark: string;
  at: number;
}

/**
 * The host of one session, named by its party and id. It takes messages one after the other, keeps what the database does not have
 * yet, and tells whoever watches. What a message means is `src/gateway/session-state.ts`.
 *
 * What it keeps (`behind`) counts only while the database holds the very revision it was made from. So a crash between a commit
 * and what follows here is no matter: a commit that took it along has moved the database on, and made it void.
 */
export class SessionObject extends DurableObject<Env> {
  #ports: Ports | null = null;
  /** What was last written, with the revision it was made from. */
  #written: StoredObject | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** See {@link Sessions.apply}; takes and returns JSON text. */
  async apply(message: string): Promise<string> {
    const done = await this.#inOrder(() => this.#apply(JSON.parse(message) as SessionMessage)).catch(
      (error: unknown) => {
        const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.#compose().log.write("error", "session could not be stored", { session: this.#name(), stack });
        return err<Reason>({ kind: "unavailable", message: "The session could not be stored; try again" });
      },
    );
    return JSON.stringify(done);
  }

  /**
   * What the database does not have yet of a session it holds in this revision or one before, as JSON text; null: it has everything. That it has moved
   * on since it was asked is told too.
   */
  async newer(seq: number, revision: number): Promise<string | null> {
    const behind = this.#behind();
    if (behind?.seq === seq && revision <= behind.revision) return JSON.stringify(behind);
    const written = this.#written;
    return written?.seq === seq && revision <= written.revision && !written.deleted ? JSON.stringify(written) : null;
  }

  /** A WebSocket: the session now, then every change, until it ends. The query says which session. */
  override async fetch(request: Request): Promise<Response> {
    const ref = JSON.parse(new URL(request.url).searchParams.get("ref") ?? "null") as ObjectRef;
    // In its turn, so that no change comes between the session as it is sent and what is sent after it.
    return this.#inOrder(async () => {
      const { object } = await this.#now(ref);
      if (object === null || object.deleted) return new Response(null, { status: 404 });
      this.#know(ref);
      const { 0: theirs, 1: ours } = new WebSocketPair();
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
      this.ctx.acceptWebSocket(ours);
      ours.send(textOf(object));
      if (hasEnded(object.body)) ours.close(1000, ENDED);
      return new Response(null, { status: 101, webSocket: theirs });
    });
  }

  /** Brings the database up to date, and tells of a session nobody speaks of any more. Never throws. */
  override async alarm(): Promise<void> {
    try {
      await this.#inOrder(() => this.#tick());
    } catch (error) {
      this.#compose().log.write("error", "session alarm failed", { session: this.#name(), error: String(error) });
      await this.ctx.storage.setAlarm(Date.now() + AFTER_FAILURE_MS);
    }
  }

  async #apply({ writer, target, change }: SessionMessage): Promise<Result<Applied, Reason | "stale">> {
    const ports = this.#compose();
    const ref = refOf(target);
    const { country_code, party_id } = ref;
    const read = (stored: JsonObject, patch: JsonObject) => {
      const { last_updated: _, ...rest } = withoutBeside(stored);
      return readOwn("Session", mergePatch(rest, patch), { country_code, party_id, id: target.id });
    };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await ports.objects.load(writer.actor, [ref], "none");
      if (!found.ok) return err(found.why);
      const stored = found.value[0] as Loaded;
      const before = this.#newest(stored.object);
      const applied = applySession(writer, target, { ...stored, object: before }, change, ports.clock.now(), read);
      if (!applied.ok) return applied;
      const { outcome, object } = applied.value;
      if (isIdle(outcome)) return applied;
      // Noted before it is stored, so that a crash in between does not forget it.
      const ties =
        writer.partner !== null && mayTie(before === null || before.deleted ? null : before.body, object.body);
      if (ties) {
        this.ctx.storage.kv.put(UNTIED, {
          origin: writer.origin,
          mark: ports.ids.uuid(),
          at: Date.now(),
        } satisfies Untied);
        this.#know(ref);
        await this.#alarmBy(Date.now() + TIE_AGAIN_MS);
      }
      if (isUrgent(before, object)) {
        const done = await ports.objects.commit(writer.actor, [writeOf(stored.object, object, target)], []);
        if (done === "stale") return err(done);
        if (done === "conflict") continue;
        this.ctx.storage.kv.delete(BEHIND);
        this.#written = object;
        ports.background.run(ports.feed.notify(["sessions"]));
      } else {
        this.ctx.storage.kv.put(BEHIND, object);
        await this.#alarmBy(Date.now() + BEHIND_MS);
      }
      await this.#hear(ref, object);
      this.#tellWatchers(object);
      if (ties) ports.background.run(this.#tie(object));
      return ok(applied.value);
    }
    return err({ kind: "unavailable", message: `Session ${target.id} is being changed by too many at once` });
  }

  /** What is due: the database, then the question whether anything is still heard. */
  async #tick(): Promise<void> {
    const ref = this.ctx.storage.kv.get<ObjectRef>(REF);
    if (ref === undefined) return;
    const ports = this.#compose();
    const behind = this.#behind();
    if (behind !== null) {
      // Another outcome than `committed`: the database has moved on, and what is kept here is void.
      const write = writeOf(behind, behind, undefined);
      const done = await ports.objects.commit({ kind: "operator" }, [{ ...write, body: behind.body }], []);
      this.ctx.storage.kv.delete(BEHIND);
      if (done === "committed") {
        this.#written = behind;
        ports.background.run(ports.feed.notify(["sessions"]));
      }
    }
    await this.#tieAgain(ref);
    const heard = this.ctx.storage.kv.get<Heard>(HEARD);
    if (heard === undefined || heard.told) return;
    const { stale_after_s } = (await ports.settings.get()).sessions;
    const due = heard.at + stale_after_s * 1000;
    if (due > Date.now()) return this.#alarmBy(Math.min(due, Date.now() + LOOK_MS));
    const { object } = await this.#now(ref);
    if (object === null || object.deleted || hasEnded(object.body)) return;
    const { partner } = object;
    const data = { ...(partner !== null && { partner }), session: withoutBeside(object.body) };
    await ports.events.append([{ type: "session.stale", partner, data }]);
    this.ctx.storage.kv.put(HEARD, { ...heard, told: true } satisfies Heard);
  }

  /** Ties the session to the command of ours it came of; what fails is tried again by the alarm. */
  async #tie(object: StoredObject): Promise<void> {
    const untied = this.ctx.storage.kv.get<Untied>(UNTIED);
    if (untied === undefined || object.partner === null) return;
    const { country_code, party_id, id, body } = object;
    await tieSession(this.#compose(), object.partner, { ...body, country_code, party_id, id }, untied.origin);
    // Another change may have said more of it meanwhile.
    if (this.ctx.storage.kv.get<Untied>(UNTIED)?.mark === untied.mark) this.ctx.storage.kv.delete(UNTIED);
  }

  /** What a crash or a failure left untied; whatever comes of it, the rest of the alarm goes on. */
  async #tieAgain(ref: ObjectRef): Promise<void> {
    const untied = this.ctx.storage.kv.get<Untied>(UNTIED);
    if (untied === undefined) return;
    try {
      const { object } = await this.#now(ref);
      if (object !== null) await this.#tie(object);
    } catch (error) {
      this.#compose().log.write("warn", "a session is not tied yet", { session: this.#name(), error: String(error) });
      if (Date.now() - untied.at < TIE_FOR_MS) await this.#alarmBy(Date.now() + TIE_LATER_MS);
      else this.ctx.storage.kv.delete(UNTIED);
    }
  }

  /** Something was heard of the session: it is not stale until it has been silent for `stale_after_s` again. */
  async #hear(ref: ObjectRef, object: StoredObject): Promise<void> {
    this.#know(ref);
    if (object.deleted || hasEnded(object.body)) {
      this.ctx.storage.kv.delete(HEARD);
      return;
    }
    this.ctx.storage.kv.put(HEARD, { at: Date.now(), told: false } satisfies Heard);
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    const { stale_after_s } = (await this.#compose().settings.get()).sessions;
    await this.#alarmBy(Date.now() + Math.min(stale_after_s * 1000, LOOK_MS));
  }

  #tellWatchers(object: StoredObject): void {
    const sockets = this.ctx.getWebSockets();
    if (sockets.length === 0) return;
    const text = textOf(object);
    for (const socket of sockets) {
      try {
        if (!object.deleted) socket.send(text);
        if (object.deleted || hasEnded(object.body)) socket.close(1000, ENDED);
      } catch {
        // It went away without a word.
      }
    }
  }

  /** The session as it is, whoever asks. */
  async #now(ref: ObjectRef): Promise<Loaded> {
    const found = await this.#compose().objects.load({ kind: "operator" }, [ref], "none");
    const loaded = found.ok ? found.value[0] : undefined;
    if (loaded === undefined) throw new Error("an operator's read cannot be stale");
    return { ...loaded, object: this.#newest(loaded.object) };
  }

  /** What is kept here in the place of what the database holds, where it was made from that. */
  #newest(stored: StoredObject | null): StoredObject | null {
    const behind = this.#behind();
    if (behind === null) return stored;
    if (stored?.seq === behind.seq && stored.revision === behind.revision) return behind;
    this.ctx.storage.kv.delete(BEHIND);
    return stored;
  }

  #behind(): StoredObject | null {
    return this.ctx.storage.kv.get<StoredObject>(BEHIND) ?? null;
  }

  /** One after the other, in the order of asking, whatever becomes of those before. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Sees to it that the alarm goes off at `time` or earlier. */
  async #alarmBy(time: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > time) await this.ctx.storage.setAlarm(time);
  }

  /** The object cannot tell its own name: it keeps it for the alarm. */
  #know(ref: ObjectRef): void {
    if (this.ctx.storage.kv.get(REF) === undefined) this.ctx.storage.kv.put(REF, ref);
  }

  #name(): string {
    const ref = this.ctx.storage.kv.get<ObjectRef>(REF);
    return ref === undefined ? "" : `${ref.country_code}/${ref.party_id}/${ref.id_key}`;
  }

  #compose(): Ports {
    this.#ports ??= compose(this.env, (work) => this.ctx.waitUntil(work));
    return this.#ports;
  }
}

const REF = "ref";
/** A change that may say of which command the session came, until that was looked up: {@link Untied}. */
const UNTIED = "untied";
const BEHIND = "behind";
const HEARD = "heard";
const ENDED = "The session has ended";

const textOf = (object: StoredObject): string => JSON.stringify(withoutBeside(object.body));
