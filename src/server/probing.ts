/** Unknown tokens a partner may ask about before somebody is told, and in which time. */
const LIMIT = 20;
const WINDOW_MS = 10 * 60_000;
/** Partners that are watched at once. */
const SIZE = 1_000;

/**
 * Watches who asks about tokens that do not exist, in this isolate: a CPO sees a foreign card now and then, somebody who guesses
 * sees many. Nobody is refused for it, for the next card may be a customer's.
 */
export interface ProbeWatch {
  /** Counts an unknown token; true once in a while, when it is one too many. */
  isProbing(partner: string, now: number): boolean;
}

/** A watch for one isolate. */
export function createProbeWatch(): ProbeWatch {
  const seen = new Map<string, { count: number; since: number }>();
  return {
    isProbing(partner, now) {
      const known = seen.get(partner);
      if (known !== undefined && now - known.since < WINDOW_MS) return ++known.count === LIMIT + 1;
      // A Map keeps the order of insertion: what begins anew goes to the end, so the first key is the oldest.
      seen.delete(partner);
      for (const oldest of seen.keys()) {
        if (seen.size < SIZE) break;
        seen.delete(oldest);
      }
      seen.set(partner, { count: 1, since: now });
      return false;
    },
  };
}
