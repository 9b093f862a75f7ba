import { postSigned } from "../client/signed-post.ts";
import { isObject, type JsonObject, parseJson } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { formatTime } from "../lib/time.ts";
import { withoutBeside } from "../model/beside.ts";
import type { AuthorizationInfo, LocationReferences, Token } from "../model/tokens.ts";
import { type PartyRef, sameParty } from "../ocpi/headers.ts";
import { lint } from "../ocpi/lint.ts";
import type { Reason } from "../ocpi/status.ts";
import { newest, type Version } from "../ocpi/versions.ts";
import type { Actor } from "../ports/objects.ts";
import type { Partner, Party } from "../ports/partners.ts";
import type { Settings } from "../ports/settings.ts";
import type { Ports } from "../ports.ts";
import { completed, hasField, LATER_TYPES, madeToken, otherSpellings, ownInfo, saidType } from "./authorize-rules.ts";
import { visibility } from "./entitlement.ts";
import { DEFAULT_TOKEN_TYPE, moduleOf, partyKey, refOf } from "./keys.ts";
import { AUTHORIZE_SECRET } from "./settings.ts";

// We are the eMSP: a partner CPO asks whether one of our tokens may be used. One D1 call; none of ours is ever asked of a partner.

/** What a partner asks. Uid and type as it says them. */
export interface AuthorizeRequest {
  actor: Actor;
  partner: Partner;
  version: Version;
  /** The party the message is for; null: it does not say. */
  to: PartyRef | null;
  uid: string;
  type: string;
  references: LocationReferences | null;
}

export type AuthorizePorts = Pick<
  Ports,
  "clock" | "ids" | "objects" | "parties" | "settings" | "secrets" | "fetcher" | "log"
>;

/**
 * Answers from our own tokens or, where the settings say so, as the back office does: it is asked first, with a deadline, and when it does
 * not answer, or not in a form that can be used, our own tokens decide.
 * @returns `unknown_token` for one that is not ours; `not_enough_information` when the back office asks for a location;
 * `unknown_path` when tokens are not for this partner
 */
export async function authorizeOwn(
  ports: AuthorizePorts,
  request: AuthorizeRequest,
): Promise<Result<AuthorizationInfo, Reason | "stale">> {
  const parties = await partiesAsked(ports, request);
  if (!parties.ok) return parties;
  const [found, { authorize }] = await Promise.all([ownToken(ports, request, parties.value), ports.settings.get()]);
  if (!found.ok) return found;
  const token = found.value;
  const { references, uid } = request;
  const said = authorize.webhook === null ? null : await askBackOffice(ports, authorize, request, token, parties.value);
  if (said !== null) return said;
  if (token === null) return err({ kind: "unknown_token", message: `Unknown token: ${uid}` });
  return ok(ownInfo(token, references));
}

/**
 * Our parties whose tokens are looked at: the one that is addressed, for two of ours may have the same uid; where none of ours is,
 * all that are shared with the partner.
 */
async function partiesAsked(
  ports: Pick<Ports, "parties">,
  { partner, to, uid }: AuthorizeRequest,
): Promise<Result<Party[], Reason>> {
  const parties = await ports.parties.list();
  const seen = visibility(partner, "tokens", parties);
  const shared = parties.filter(({ country_code, party_id }) => {
    return seen !== null && (seen.own === null || seen.own.includes(partyKey(country_code, party_id)));
  });
  if (shared.length === 0)
    return err({ kind: "unknown_path", message: "The module tokens is not shared with this connection" });
  const addressee = addressed(parties, to);
  const asked = addressee === null ? shared : shared.filter((party) => sameParty(party, addressee));
  return asked.length === 0 ? err({ kind: "unknown_token", message: `Unknown token: ${uid}` }) : ok(asked);
}

/** The party of ours a message is for; null: it says none, or our hub, which speaks for all. */
function addressed(parties: readonly Party[], to: PartyRef | null): Party | null {
  const party = to === null ? undefined : parties.find((one) => sameParty(one, to));
  return party === undefined || party.roles.includes("HUB") ? null : party;
}

/** Whether a party is one that has tokens. */
const hasTokens = ({ roles }: Party): boolean => roles.some((role) => moduleOf("tokens").owners.includes(role));

/** The token that is asked for: as it is written, else in another spelling of its contract id. One D1 call. */
async function ownToken(
  ports: AuthorizePorts,
  { actor, version, uid, type }: AuthorizeRequest,
  parties: readonly Party[],
): Promise<Result<Token | null, Reason | "stale">> {
  const types = type === "OTHER" ? [type, ...LATER_TYPES] : [type];
  const refs = [uid, ...otherSpellings(uid, type)].flatMap((id) =>
    parties.flatMap(({ country_code, party_id }) =>
      types.map((one) => refOf({ module: "tokens", country_code, party_id, id, type: one, ciIds: true })),
    ),
  );
  const loaded = await ports.objects.load(actor, refs, "none");
  if (!loaded.ok) return err(loaded.why);
  for (const { object } of loaded.value) {
    if (object === null || object.deleted || object.partner !== null) continue;
    const token = object.body as unknown as Token;
    if (saidType(version, token.type ?? DEFAULT_TOKEN_TYPE) === type) return ok(token);
  }
  return ok(null);
}

/** The back office's answer; null: there is none that can be used. */
async function askBackOffice(
  ports: AuthorizePorts,
  { webhook, secret, timeout_ms }: Settings["authorize"],
  request: AuthorizeRequest,
  token: Token | null,
  parties: readonly Party[],
): Promise<Result<AuthorizationInfo, Reason> | null> {
  const { partner, to, uid, type, references } = request;
  const addressee = addressed(parties, to);
  const owner = addressee && { country_code: addressee.country_code, party_id: addressee.party_id };
  if (webhook === null || secret === null) return null;
  const outcome = await postSigned(ports, {
    url: webhook,
    secret: await ports.secrets.open(secret, AUTHORIZE_SECRET),
    message: {
      id: `auth_${ports.ids.uuid()}`,
      type: "token.authorize",
      time: ports.clock.now(),
      data: {
        partner: partner.id,
        token: token === null ? { ...owner, uid, type } : withoutBeside(token as unknown as JsonObject),
        ...(references === null ? {} : { location: references as unknown as JsonObject }),
      },
    },
    timeoutMs: timeout_ms,
  });
  if (outcome.kind !== "answer") return useless(ports, outcome.detail);
  const read = parseJson(outcome.body);
  const body = read.ok && isObject(read.value) ? read.value : null;
  // A server that does not know the path says 404 too, but not in JSON.
  if (outcome.status === 404 && body !== null) return err({ kind: "unknown_token", message: `Unknown token: ${uid}` });
  if (outcome.status === 422)
    return err({ kind: "not_enough_information", message: "LocationReferences are needed to authorize this token" });
  if (outcome.status !== 200) return useless(ports, `HTTP ${outcome.status}`);
  if (body === null) return useless(ports, "the answer is no JSON object");
  return usable(ports, request, token, parties, body);
}

/** Fields in which an id that is too long would go on as another one. */
const IDS = /^\/(authorization_reference$|location\/|token\/uid$)/;

/** An answer of the back office, made whole and checked; null: it cannot be used. */
function usable(
  ports: AuthorizePorts,
  request: AuthorizeRequest,
  token: Token | null,
  parties: readonly Party[],
  said: JsonObject,
): Result<AuthorizationInfo, Reason> | null {
  const whole = completed(withToken(ports, request, token, parties, said), token, request.references);
  const codec = newest.codecs.AuthorizationInfo;
  const checked = codec?.parse(whole);
  const faults = checked?.ok === false ? checked.error : [];
  const tooLong = lint(newest, "AuthorizationInfo", whole).filter(
    ({ rule, pointer }) => rule === "length" && IDS.test(pointer),
  );
  if (codec === undefined || !checked?.ok || tooLong.length > 0) {
    const told = [...faults, ...tooLong].map(({ pointer, message }) => `${pointer} ${message}`);
    return useless(ports, `the answer is no AuthorizationInfo: ${told.slice(0, 3).join("; ")}`);
  }
  return ok(codec.up(checked.value, {}));
}

/**
 * An answer with all of its token that goes without saying: whose it is and when it was told; all of it, where it is ours or the question
 * tells enough. A party that is not known is not made up, unless the partner's version does not say the token anyway.
 * Contract: operator API, Conventions, "Required is what 2.3.0 requires".
 */
function withToken(
  { clock }: Pick<Ports, "clock">,
  { version, uid, type }: AuthorizeRequest,
  token: Token | null,
  parties: readonly Party[],
  said: JsonObject,
): JsonObject {
  const [party, ...others] = parties.filter(hasTokens);
  const isSure = others.length === 0 || !hasField(version, "AuthorizationInfo", "token");
  const now = formatTime(clock.now());
  if (isObject(said.token)) {
    const known = token ?? (isSure ? party : undefined);
    const owner = known && { country_code: known.country_code, party_id: known.party_id };
    const last_updated = token?.last_updated ?? now;
    return { ...said, token: { last_updated, ...owner, ...present(said.token) } };
  }
  if (said.token != null || token !== null || party === undefined || !isSure) return said;
  const { country_code, party_id, business_details } = party;
  const made = madeToken({ country_code, party_id, uid, type }, business_details.name ?? party_id, said.allowed, now);
  return { ...said, token: made as unknown as JsonObject };
}

/** Members that say something. */
const present = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

function useless({ log }: Pick<Ports, "log">, error: string): null {
  log.write("warn", "The back office did not authorize in time, or not in a form that can be used", { error });
  return null;
}
