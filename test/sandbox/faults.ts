import type { OcpiObject } from "./types.ts";
import { fieldsOf, valuesOf } from "./validate.ts";
import type { Version } from "./versions.ts";

/** A way to misbehave: which requests it hits, how often, and what it does to them. */
export interface Misbehaviour {
  /** `versions`, `details`, `credentials` or module ids; every module when left out. */
  modules?: string | readonly string[];
  methods?: string | readonly string[];
  /** How many requests it hits before the partner is good again; no end when left out. */
  times?: number;
  /** Share of the requests it hits, 0 to 1, drawn from a fixed sequence so that a run can be repeated. */
  rate?: number;

  // Instead of processing the request:
  /** Answers this HTTP status (with an OCPI envelope). */
  http?: number;
  /** With `http`: the Retry-After header, seconds or a date. */
  retryAfter?: number | string;
  /** Answers this OCPI status; in HTTP 200 unless `http` says otherwise. */
  status?: number;
  /** Redirects here, with 302 or the status in `http`. */
  redirect?: string;
  /** Never answers. */
  hang?: true;
  /** Destroys the socket. */
  reset?: true;

  // After processing it:
  /** Cuts the connection instead of answering: a lost answer. */
  lose?: true;
  /** Answers after so many milliseconds. */
  delay?: number;
  /** Answers a web page. */
  html?: true;
  /** Answers only the first half of the JSON. */
  truncate?: true;
  /** Makes the answer at least so many bytes long. */
  pad?: number;
  /** Lists these in `versions` (data of the list). */
  versions?: OcpiObject[];
  /** Leaves these modules out of version details. */
  omit?: readonly string[];
  /**
   * Lists: a next link that leads to itself, none where one is due, no X-Total-Count, pages of one object, or a next
   * link to this URL.
   */
  link?: "loop" | "missing" | "no-total" | "one" | `http${string}`;
  /** Lists: breaks the first object of every page, or maps each object. */
  bad?: true | ((object: OcpiObject, index: number) => unknown);

  // Also on what the partner sends:
  /** Adds fields nobody knows to every object. */
  extraFields?: true;
  /** Writes fields in another order each time. */
  shuffle?: true;
  /** Writes enumerations in lower case. */
  lowercase?: true;
}

/** A misbehaviour at work. */
export interface Active {
  fault: Misbehaviour;
  /** How many requests it has hit. */
  hits: number;
  /** Ends this one only. */
  stop(): void;
}

function among(wanted: string | readonly string[] | undefined, value: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? wanted === value : wanted.includes(value);
}

/** Numbers between 0 and 1 that are the same in each run (a 32-bit linear congruential generator). */
export function sequence(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The misbehaviours of one partner. */
export function createFaults() {
  const active: Active[] = [];
  const draw = sequence();
  return {
    add(fault: Misbehaviour): Active {
      const entry: Active = {
        fault,
        hits: 0,
        stop() {
          const at = active.indexOf(entry);
          if (at >= 0) active.splice(at, 1);
        },
      };
      active.push(entry);
      return entry;
    },
    clear() {
      active.length = 0;
    },
    /** What hits this request, all in one; each misbehaviour counts it. */
    hit(module: string, method: string): Misbehaviour {
      const merged: Misbehaviour = {};
      for (const entry of active) {
        const { fault } = entry;
        if (!among(fault.modules, module) || !among(fault.methods, method)) continue;
        if (fault.times !== undefined && entry.hits >= fault.times) continue;
        if (fault.rate !== undefined && draw() >= fault.rate) continue;
        entry.hits++;
        Object.assign(merged, fault);
      }
      return merged;
    },
    /** What dresses up a body this partner sends; nothing is counted. */
    dressing(module: string, method: string): Misbehaviour {
      const fits = active.filter(({ fault }) => among(fault.modules, module) && among(fault.methods, method));
      const { extraFields, shuffle, lowercase } = Object.assign({}, ...fits.map(({ fault }) => fault)) as Misbehaviour;
      return { extraFields, shuffle, lowercase } as Misbehaviour;
    },
    draw,
  };
}

function withExtras(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExtras);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, content]) => [key, withExtras(content)]);
  return { ...Object.fromEntries(entries), sandbox_extra: { list: [1, "two", null], text: "nobody knows this field" } };
}

function shuffled(value: unknown, draw: () => number): unknown {
  if (Array.isArray(value)) return value.map((element) => shuffled(element, draw));
  if (typeof value !== "object" || value === null) return value;
  const order = Object.entries(value).map(([key, content]) => ({ key, content, rank: draw() }));
  order.sort((a, b) => a.rank - b.rank);
  return Object.fromEntries(order.map(({ key, content }) => [key, shuffled(content, draw)]));
}

function lowered(version: Version, type: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => lowered(version, type, element));
  if (typeof value === "string") return valuesOf(version, type) ? value.toLowerCase() : value;
  const fields = fieldsOf(version, type);
  if (!fields || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => [key, lowered(version, fields.get(key)?.type ?? "", content)]),
  );
}

/**
 * Dresses up data as the misbehaviours say.
 *
 * @param type its type in the tables, with or without `[]`; needed to tell enumerations from other texts
 */
export function dress(fault: Misbehaviour, version: Version, type: string, data: unknown, draw: () => number): unknown {
  let dressed = data;
  if (fault.lowercase) dressed = lowered(version, type.replace(/\[\]$/, ""), dressed);
  if (fault.extraFields) dressed = withExtras(dressed);
  if (fault.shuffle) dressed = shuffled(dressed, draw);
  return dressed;
}

/** A page of objects with what `bad` asks done to it. */
export function spoil(bad: Misbehaviour["bad"], page: OcpiObject[]): unknown[] {
  if (typeof bad === "function") return page.map(bad);
  return page.map((object, index) => {
    if (!bad || index > 0) return object;
    const { id: _id, uid: _uid, ...rest } = object;
    return { ...rest, last_updated: "yesterday" };
  });
}
