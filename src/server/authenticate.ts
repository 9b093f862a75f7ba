import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Partner, TokenKind } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";

/** Who makes a request, as its credentials token tells. */
export interface Caller {
  partner: Partner;
  kind: TokenKind;
  /** Hash of the token. */
  hash: string;
  /** The token itself, as its owner knows it (decoded). */
  token: string;
  /** How it was written in `Authorization`. */
  encoding: "raw" | "base64";
}

/** Callers by the text of their `Authorization`, kept in this isolate. Bounded; misses are never kept. */
export type CallerCache = Map<string, Caller>;

/** Entries a {@link CallerCache} holds: a few hundred partners, and some that write their token in several ways. */
const CACHE_SIZE = 1000;
/** Longest `Authorization` that is looked at. */
const MAX_LENGTH = 512;
/** What a credentials token may consist of. Spec: 2.2.1 credentials, Credentials object, token. */
const TOKEN = /^[\x21-\x7e]{1,256}$/;

interface Candidate {
  token: string;
  encoding: "raw" | "base64";
}

/**
 * What a header may mean. The standard's versions disagree on Base64, its own examples encode a trailing newline, and a
 * raw token can be valid Base64 by accident: so both readings are looked up, and nothing is decided by syntax.
 * Spec: 2.2.1 transport_and_format, Authorization header.
 */
export function candidates(authorization: string): Candidate[] {
  if (authorization.length > MAX_LENGTH) return [];
  const token = /^token +(\S+)$/i.exec(authorization.trim())?.[1];
  if (token === undefined || !TOKEN.test(token)) return [];
  const found: Candidate[] = [{ token, encoding: "raw" }];
  const decoded = decodeBase64(token)?.replace(/\r?\n$/, "");
  if (decoded !== undefined && TOKEN.test(decoded)) found.push({ token: decoded, encoding: "base64" });
  return found;
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

type Store = Pick<Ports, "secrets" | "partners" | "background">;

/**
 * Finds the caller behind a header: from the cache when `cache` is given, else from the store, which it then remembers.
 * @returns `unauthorized` for anything that is not a token we issued
 */
export async function authenticate(
  ports: Store,
  authorization: string | null,
  cache: CallerCache | null,
): Promise<Result<Caller, Reason>> {
  if (authorization === null) return err({ kind: "unauthorized" });
  const known = cache?.get(authorization);
  if (known !== undefined) return ok(known);
  const caller = await lookUp(ports, candidates(authorization));
  if (caller === null) return err({ kind: "unauthorized" });
  // The new token is in use, so the caller has it: the one before may die. That changes the partner, which those who do
  // not come back on 'stale' (they have no cache) must see.
  if (caller.kind === "CURRENT") {
    await ports.partners.confirmToken(caller.partner.id, caller.hash);
    if (cache === null) caller.partner = (await ports.partners.get(caller.partner.id)) ?? caller.partner;
  }
  if (cache !== null) learnEncoding(ports, caller, cache);
  // Only who may ask for objects is remembered, for only their statements notice that it may no longer.
  const isLasting = caller.kind === "CURRENT" && caller.partner.status === "REGISTERED";
  if (cache !== null && isLasting) remember(cache, authorization, caller);
  return ok(caller);
}

async function lookUp(ports: Store, wanted: Candidate[]): Promise<Caller | null> {
  if (wanted.length === 0) return null;
  const hashes = await Promise.all(wanted.map(({ token }) => ports.secrets.hash(token)));
  const found = await ports.partners.byTokenHashes(hashes);
  const candidate = found === null ? undefined : wanted[hashes.indexOf(found.hash)];
  if (found === null || candidate === undefined) return null;
  return { partner: found.partner, kind: found.kind, hash: found.hash, ...candidate };
}

function remember(cache: CallerCache, authorization: string, caller: Caller): void {
  // A Map keeps the order of insertion, so the first key is the oldest.
  for (const oldest of cache.keys()) {
    if (cache.size < CACHE_SIZE) break;
    cache.delete(oldest);
  }
  cache.set(authorization, caller);
}

/**
 * Whether a caller may ask at all, and for more than its registration. Token A and partners whose registration is not
 * complete get no further than versions and credentials; a suspended partner is asked to come back later, which keeps
 * its connection alive; an unregistered one has no token, or token A of a new invitation.
 * Spec: 2.2.1 transport_and_format, Authorization header (token A); status_codes (401).
 */
export function admit(caller: Caller, isConfiguration: boolean): Reason | null {
  const { status } = caller.partner;
  if (caller.kind === "INVITE") return isConfiguration ? null : { kind: "unauthorized" };
  if (status === "SUSPENDED") return { kind: "unavailable", message: "This connection is suspended" };
  if (status === "UNREGISTERED") return { kind: "unauthorized" };
  if (status === "INVITED" && !isConfiguration) return { kind: "unauthorized" };
  return null;
}

/**
 * Stores how a partner writes tokens once that differs from what we know, so that we write ours the same way. One that
 * writes now so, now so teaches nothing more while it is remembered: every lesson costs all others their memory of it.
 */
function learnEncoding(ports: Store, caller: Caller, cache: CallerCache): void {
  const { partner, encoding } = caller;
  if (partner.settings.token_encoding !== "auto" || partner.token_encoding === encoding) return;
  if (partner.status !== "REGISTERED" || caller.kind !== "CURRENT") return;
  for (const other of cache.values()) if (other.partner.id === partner.id) return;
  ports.background.run(ports.partners.update(partner.id, { token_encoding: encoding }));
}
