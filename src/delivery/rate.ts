// The outgoing rate of a partner as a token bucket. Pure.

export interface Bucket {
  /** Requests that may go at once; below zero when more went than was known beforehand. */
  tokens: number;
  /** When that was counted, epoch ms. */
  at: number;
}

/** The bucket at `now`: refilled at `rate` per second, holding at most one second's worth (and at least one). */
export function refill(bucket: Bucket | null, rate: number, now: number): Bucket {
  const most = Math.max(1, rate);
  if (bucket === null) return { tokens: most, at: now };
  const grown = bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * rate;
  return { tokens: Math.min(most, grown), at: now };
}

/** When a whole token is there, epoch ms. */
export function readyAt(bucket: Bucket, rate: number): number {
  return bucket.tokens >= 1 ? bucket.at : bucket.at + Math.ceil(((1 - bucket.tokens) / rate) * 1000);
}
