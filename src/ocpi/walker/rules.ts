import type { JsonObject, JsonValue } from "../../lib/json.ts";
import type { DownContext, Fault, Kind, Objects, References, UpContext } from "../codec.ts";

/** What a down function answers when a value cannot be said; the reason stands in {@link DownRun.reason}. */
export const DROP = Symbol("cannot be said");

/** A value on the wire, or {@link DROP}. */
export type Said = JsonValue | typeof DROP;

/** One way up. */
export interface UpRun {
  readonly context: UpContext;
}

/** One way down, and what it has found so far. */
export interface DownRun {
  /** Kind of the object as a whole; null where that does not matter. */
  readonly kind: Kind | null;
  /** Number of the version we go down to. */
  readonly version: string;
  /** The object came in this very version: it is sent as it came. */
  readonly relay: boolean;
  /** The version tolerates fields it does not know. */
  readonly unknownFields: boolean;
  readonly context: DownContext;
  /** Losses so far, pointers relative to the object at hand. */
  readonly losses: { pointer: string; reason: string }[];
  /** The model object at hand (last) and those around it, outermost first. */
  readonly parents: JsonObject[];
  /** Why the last value was dropped. */
  reason: string;
}

/** Lists as a loss what a version requires and nobody knows; the pointer, relative to the object at hand, is where it would be said. */
export function madeUp(run: DownRun, pointer: string, value: string | number): void {
  run.losses.push({ pointer, reason: `is required in ${run.version} and not known: says ${value}` });
}

/** Translates the value of a wire field inside a bridge; on the way down a dropped value is undefined and listed as a loss. */
export type WalkUp = (field: string, wire: JsonValue) => JsonValue;
export type WalkDown = (field: string, value: JsonValue, pointer: string) => JsonValue | undefined;

/** Fields that mean the same but not one to one: `tariff_id` and `tariff_ids`. Without `up`, wire fields come up as they are named. */
export interface Bridge {
  readonly wire: readonly string[];
  readonly model: readonly string[];
  /** The model fields for a wire object; missing ones are left out. */
  readonly up?: (wire: JsonObject, run: UpRun, walk: WalkUp) => JsonObject;
  /** The wire fields for a model object. Losses are added to the run; DROP when the object cannot be said. */
  readonly down: (object: JsonObject, run: DownRun, walk: WalkDown) => JsonObject | typeof DROP;
}

/** How a class of a version differs from the model's class of that name, beyond what it lacks. */
export interface ClassRules {
  /** Model name of a field by its wire name. */
  readonly rename?: Readonly<Record<string, string>>;
  readonly bridges?: readonly Bridge[];
  /**
   * Value, in the model's words, of a required field the model object does not say; undefined: cannot be made up. Not a loss where it
   * follows from what is known; else told by {@link madeUp}.
   */
  readonly fill?: Readonly<Record<string, (object: JsonObject, run: DownRun) => JsonValue | undefined>>;
  /** Nothing of it is worth anything by itself: when a part cannot be said as it is, the object cannot be said at all. */
  readonly indivisible?: true;
  /** Model fields that follow from the context, not the body. */
  readonly produce?: (wire: JsonObject, run: UpRun) => JsonObject;
  /** The model object as this version would put it; fields keep their places, so pointers stay true. */
  readonly prepare?: (object: JsonObject, run: DownRun) => JsonObject | typeof DROP;
  /**
   * Why more than spelling is lost with what another version keeps beside the model (by its wire name there), given that and what was
   * said; undefined: no more is.
   */
  readonly beside?: Readonly<Record<string, (kept: JsonValue, wire: JsonObject, run: DownRun) => string | undefined>>;
  /** Reason of the loss of a model field the class lacks, where "has no field" is not the whole truth. */
  readonly absent?: Readonly<Record<string, (value: JsonValue, object: JsonObject, run: DownRun) => string>>;
}

/** What becomes of an enum value the version lacks: another value (a narrowing, so a loss), or nothing, for that reason. */
export type EnumFallback = string | { readonly leaveOut: string };

/** What a version's codecs need besides its schemas. */
export interface Rules {
  readonly classes: Readonly<Record<string, ClassRules>>;
  /** By enum name and value; `*` is any other unknown value. Values without an entry are dropped. */
  readonly enums: Readonly<Record<string, Readonly<Record<string, EnumFallback>>>>;
  /** What values that only this version has mean in the model, by enum name. */
  readonly meanings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Decimals of a coordinate towards this version. */
  readonly coordinateDecimals: { readonly min: number; readonly max: number };
  readonly needs?: { readonly [K in Kind]?: (object: Objects[K]) => References };
  readonly needsUp?: { readonly [K in Kind]?: (wire: JsonObject) => References };
  /** What the way up takes for granted, for the journal. */
  readonly assumed?: { readonly [K in Kind]?: (wire: JsonObject, context: UpContext) => Fault[] };
  /** Kinds whose body may be (`read`) or is (`said`) the bare text of `result`. */
  readonly bare?: { readonly [K in Kind]?: "read" | "said" };
}
