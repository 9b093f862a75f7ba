/** The answer to a POST, as it is kept and given again. */
export interface KeptAnswer {
  status: number;
  /** Encrypted by the caller: an answer may show a credentials token. */
  body: string;
}

/** Answers already given to requests with an `Idempotency-Key`, kept for a day. */
export interface IdempotencyStore {
  /**
   * Takes the key for one request. `taken`: this call may go on; `answered`: a request with this hash was answered before;
   * `running`: one with this hash is being answered now; `different`: the key was used with another request.
   */
  claim(
    key: string,
    requestHash: string,
  ): Promise<{ state: "taken" | "running" | "different" } | { state: "answered"; answer: KeptAnswer }>;
  /** Keeps the answer of a claimed key. */
  keep(key: string, answer: KeptAnswer): Promise<void>;
  /** Frees a claimed key: the request may be tried again with it. */
  release(key: string): Promise<void>;
}
