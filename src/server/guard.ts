/** Whether an address may send another request that no partner is known for; the platform counts. */
export type Limiter = (address: string) => Promise<boolean>;

/** Ends guessing of tokens, by address. Where the platform tells no address (locally) nothing is counted. */
export interface Guard {
  /** Counts a request of somebody unknown; false: that was one too many. */
  admits(address: string | null, now: number): Promise<boolean>;
  /** Whether an address has been told to wait: then its tokens are not even looked up. */
  isClosed(address: string | null, now: number): boolean;
}

/** Seconds an address waits that sent too many requests without a known token. */
export const WAIT_SECONDS = 60;
/** Addresses remembered as waiting. */
const SIZE = 1000;

/** A guard for one isolate. */
export function createGuard(limiter: Limiter): Guard {
  const waiting = new Map<string, number>();
  return {
    async admits(address, now) {
      if (address === null || (await limiter(address))) return true;
      for (const oldest of waiting.keys()) {
        if (waiting.size < SIZE) break;
        waiting.delete(oldest);
      }
      waiting.set(address, now + WAIT_SECONDS * 1000);
      return false;
    },
    isClosed(address, now) {
      const until = address === null ? undefined : waiting.get(address);
      if (address === null || until === undefined) return false;
      if (now < until) return true;
      waiting.delete(address);
      return false;
    },
  };
}
