import type { Version } from "../ocpi/versions.ts";
import type { Visibility } from "../ports/objects.ts";
import type { Partner, Party } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import type { Breaker } from "./breaker.ts";
import type { Bucket } from "./rate.ts";
import type { PumpStore } from "./state.ts";

/** The ports the pump works through. */
export type PumpPorts = Pick<
  Ports,
  | "config"
  | "clock"
  | "ids"
  | "secrets"
  | "fetcher"
  | "parties"
  | "partners"
  | "commands"
  | "objects"
  | "sessions"
  | "events"
  | "journal"
  | "hosts"
  | "feed"
  | "background"
  | "log"
>;

/** A module the partner is pushed, with what it may see of it. */
export interface PushedModule {
  module: string;
  visibility: Visibility;
}

/** Everything one run of a partner's pump works with; what changes while it runs stands in `now` fields. */
export interface Desk {
  ports: PumpPorts;
  store: PumpStore;
  partner: Partner;
  version: Version;
  /** Our own parties. */
  parties: Party[];
  modules: PushedModule[];
  breaker: Breaker;
  bucket: Bucket | null;
  /** The partner asked for a pause until then, epoch ms; 0: it did not. */
  pausedUntil: number;
  lastSuccessAt: number | null;
  lastFailureAt: number | null;
  /** When this run hands over to the next, epoch ms. */
  deadline: number;
  /** Requests and reads this run may still make: a platform counts what one invocation does. */
  budget: number;
  /** The partner was suspended, changed, or gone while the run went on: nothing more is sent. */
  stopped(): boolean;
}

/** What the pump remembers of the partner between runs. */
export interface Remembered {
  breaker: Breaker;
  bucket: Bucket | null;
  pausedUntil: number;
  lastSuccessAt: number | null;
  lastFailureAt: number | null;
}

/** Whether this run has done its share: time or requests are used up, or the partner was changed under it. */
export const isSpent = (desk: Desk): boolean =>
  desk.stopped() || desk.budget <= 0 || desk.ports.clock.now() >= desk.deadline;

/** Writes down what the desk knows of the partner, so that it outlives the process. */
export function remember(desk: Desk): void {
  const { breaker, bucket, pausedUntil, lastSuccessAt, lastFailureAt } = desk;
  desk.store.set("partner", { breaker, bucket, pausedUntil, lastSuccessAt, lastFailureAt } satisfies Remembered);
}
