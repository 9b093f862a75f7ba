import type { JsonObject } from "../lib/json.ts";
import type { Result } from "../lib/result.ts";
import type { PatchContext } from "../ocpi/patch.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Applied, ObjectRef, StoredObject, Target, Writer } from "./objects.ts";

/** A message about a session, as plain data: it travels to the session's own Durable Object. */
export type SessionChange =
  /** The whole session; what it does not say is no more. */
  | { kind: "put"; model: JsonObject }
  /** Fields of it as a partner says them in its version; `context` is what its codec asks for. */
  | { kind: "patch"; version: string; body: JsonObject; context: PatchContext }
  /** A merge patch of the model, from the operator. Spec: RFC 7396. */
  | { kind: "merge"; patch: JsonObject }
  | { kind: "delete" };

/** A message about a session, with who says it. */
export interface SessionMessage {
  writer: Writer;
  target: Target;
  change: SessionChange;
}

/**
 * Sessions that go on: a Durable Object each, which puts what it is told in order. Once `apply` has returned, the change outlives
 * any crash; in the database it is then, or two seconds later when only meter values and periods changed.
 */
export interface Sessions {
  /**
   * Applies a message. One Durable Object call, in it one D1 call to learn the state and who asks, and another when the change must
   * be in the database at once; 'stale': the writer changed since it was authenticated.
   */
  apply(message: SessionMessage): Promise<Result<Applied, Reason | "stale">>;
  /** The newest state of a session that the database says goes on; itself where nothing newer is known. One Durable Object call. */
  newest(stored: StoredObject): Promise<StoredObject>;
  /** Answers a WebSocket request: the session now, then every change; 404 when there is none any more. One Durable Object call, and one D1 call in it. */
  live(ref: ObjectRef, request: Request): Promise<Response>;
}
