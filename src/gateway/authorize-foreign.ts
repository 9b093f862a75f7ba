import type { CallResult } from "../client/exchange.ts";
import { callPartner, endpointOf } from "../client/request.ts";
import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { formatTime } from "../lib/time.ts";
import type { AuthorizationInfo, LocationReferences, Token } from "../model/tokens.ts";
import type { Codec, Fault } from "../ocpi/codec.ts";
import type { Endpoint } from "../ocpi/endpoints.ts";
import { sameParty } from "../ocpi/headers.ts";
import type { Reason } from "../ocpi/status.ts";
import { findEndpoint } from "../ocpi/urls.ts";
import { codecOf, newest, type Version, versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import {
  completed,
  LATER_TYPES,
  listedInfo,
  madeToken,
  otherSpellings,
  ownInfo,
  placeFor,
  planOf,
  providerOf,
  saidType,
  type TokenName,
} from "./authorize-rules.ts";
import { DEFAULT_TOKEN_TYPE, refOf } from "./keys.ts";

// We are the CPO: somebody stands at a charge point with a token. Two D1 calls (the token, its partner), and one request to the
// eMSP where the token's whitelist asks for it.

/** The token somebody stands there with. Parties in upper case. */
export type ForeignToken = TokenName;

export type ForeignPorts = Pick<
  Ports,
  "clock" | "ids" | "objects" | "parties" | "partners" | "settings" | "secrets" | "fetcher" | "journal"
>;

/** An answer, and where it comes from. */
export interface Authorized {
  info: AuthorizationInfo;
  source: "REALTIME" | "WHITELIST";
}

/**
 * Asks the token's eMSP, or reads its whitelist, as the token's `whitelist` says ({@link planOf}).
 * @returns `unknown_token` when neither we nor the eMSP know it; `not_enough_information` when the eMSP needs a location; `conflict` when its
 * eMSP is suspended, so that it cannot be asked, `no_answer` when it did not answer in time, and its whitelist does not allow it in either case;
 * `client_api_unusable` when it answered, but neither yes nor no
 */
export async function authorizeForeign(
  ports: ForeignPorts,
  wanted: ForeignToken,
  references: LocationReferences | null,
): Promise<Result<Authorized, Reason>> {
  const stored = await storedToken(ports, wanted);
  const token = stored === null ? null : (stored.body as unknown as Token);
  if (stored !== null && token !== null && stored.partner === null)
    return ok({ info: ownInfo(token, references), source: "WHITELIST" });
  const partner = await partnerOf(ports, wanted, stored);
  if (partner === null) return err(unknown(wanted));
  const route = routeTo(partner);
  const { ask, listed } = planOf(token, route !== null);
  const fromList =
    listed === null ? null : ok({ info: listedInfo(listed, token, references), source: "WHITELIST" as const });
  if (!ask || route === null) return fromList ?? err(unknown(wanted));
  const answer =
    partner.status === "REGISTERED"
      ? await askPartner(ports, partner, route, { wanted, stored, references })
      : err(suspended(partner));
  if (answer.ok) return ok({ info: answer.value, source: "REALTIME" });
  return OUT_OF_REACH.has(answer.error.kind) && fromList !== null && listed === "ALLOWED" ? fromList : answer;
}

/** Refusals that say nothing of the token: its eMSP was not reached. */
const OUT_OF_REACH: ReadonlySet<string> = new Set<Reason["kind"]>(["no_answer", "conflict"]);

const suspended = ({ id }: Partner): Reason => ({
  kind: "conflict",
  message: `The partner of this token (${id}) is SUSPENDED: it is not asked, and its whitelist does not allow the token`,
});

/**
 * The token as its eMSP told it, whether that compares ids with case or without, in whatever spelling of a contract id, and under the type
 * its version has for it. One D1 call.
 */
async function storedToken(ports: ForeignPorts, { uid, type, ...party }: ForeignToken): Promise<StoredObject | null> {
  const at = (id: string, said: string, ciIds: boolean, owner = party) =>
    refOf({ module: "tokens", ...owner, id, type: said, ciIds });
  const types = LATER_TYPES.includes(type) ? [type, "OTHER"] : [type];
  const provider = providerOf(uid, type);
  const owners = provider === null || sameParty(provider, party) ? [party] : [party, provider];
  const refs = owners.flatMap((owner) =>
    types.flatMap((said) => [
      at(uid, said, false, owner),
      at(uid, said, true, owner),
      ...otherSpellings(uid, type).flatMap((id) => [
        at(id, said, true, owner),
        at(id.toLowerCase(), said, false, owner),
      ]),
    ]),
  );
  const loaded = await ports.objects.load({ kind: "operator" }, refs, "none");
  if (!loaded.ok) return null;
  const meant = ({ origin, body }: StoredObject) => {
    const kept = body.type ?? DEFAULT_TOKEN_TYPE;
    return kept === type || kept === saidType(versionByNumber(origin) ?? newest, type);
  };
  return loaded.value.find(({ object }) => object !== null && !object.deleted && meant(object))?.object ?? null;
}

/**
 * Whose token it is: the partner that told of it; of one nobody told of the partner with its party, or with the party its contract id
 * names, for contracts of Plug & Charge are not sent round. Null: none that is connected, or was until it was suspended. One D1 call.
 */
async function partnerOf(
  ports: ForeignPorts,
  { uid, type, country_code, party_id }: ForeignToken,
  stored: StoredObject | null,
): Promise<Partner | null> {
  if (stored?.partner) {
    const partner = await ports.partners.get(stored.partner);
    return partner?.status === "REGISTERED" || partner?.status === "SUSPENDED" ? partner : null;
  }
  const registered = await ports.partners.registered();
  const provider = providerOf(uid, type);
  for (const party of [{ country_code, party_id }, ...(provider === null ? [] : [provider])]) {
    const found = registered.find(({ roles }) =>
      roles.some((role) => (role.role === "EMSP" || role.role === "HUB") && sameParty(role, party)),
    );
    if (found) return found;
  }
  return null;
}

interface Route {
  version: Version;
  row: Endpoint;
}

/** How a partner is asked; null: its version has no such request, or it has no such interface. */
function routeTo(partner: Partner): Route | null {
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  const row =
    version && findEndpoint(version.endpoints, { module: "tokens", role: "SENDER", operation: "postAuthorize" });
  return version && row && endpointOf(partner, "tokens", "SENDER") ? { version, row } : null;
}

/** What a partner is asked. */
interface Question {
  wanted: ForeignToken;
  stored: StoredObject | null;
  references: LocationReferences | null;
}

async function askPartner(
  ports: ForeignPorts,
  partner: Partner,
  { version, row }: Route,
  question: Question,
): Promise<Result<AuthorizationInfo, Reason>> {
  const { wanted, stored, references } = question;
  const { country_code, party_id } = stored ?? wanted;
  const { authorize } = await ports.settings.get();
  const place = placeFor(version, references);
  const result = await callPartner(ports, partner, {
    row,
    params: { token_uid: typeof stored?.body.uid === "string" ? stored.body.uid : wanted.uid },
    query: { type: saidType(version, String(stored?.body.type ?? wanted.type)) },
    ...(place === null ? {} : { body: place as unknown as JsonObject }),
    to: addressee(partner, { country_code, party_id }),
    timeoutMs: authorize.partner_timeout_ms,
  });
  if (result.outcome !== "ok") return err(refusalOf(result, wanted));
  return infoOf(partner, version, question, result.data, formatTime(ports.clock.now()));
}

/**
 * What the eMSP said, as far as it can be read: what it left out, or said so that it cannot be read, is as it was asked about. Only `allowed`
 * is nothing to make up.
 */
function infoOf(
  partner: Partner,
  version: Version,
  { wanted, stored, references }: Question,
  said: JsonValue | undefined,
  now: string,
): Result<AuthorizationInfo, Reason> {
  const codec = codecOf(version, "AuthorizationInfo");
  const unusable = (faults: Fault[]): Result<never, Reason> => {
    const why = faults.map(({ pointer, message }) => `${pointer} ${message}`).join("; ");
    return err({ kind: "client_api_unusable", message: `The partner's answer is no AuthorizationInfo: ${why}` });
  };
  if (codec === undefined || !isObject(said)) return unusable([{ pointer: "/data", message: "is no object" }]);
  const owner = addressee(partner, stored ?? wanted);
  const role = partner.roles.find((one) => sameParty(one, owner));
  const issuer = role?.business_details?.name ?? partner.name;
  const token =
    stored === null ? madeToken({ ...wanted, ...owner }, issuer, said.allowed, now) : (stored.body as unknown as Token);
  const wireToken = version.codecs.Token.down(token, {
    origin: stored?.origin ?? newest.number,
    lastUpdated: now,
  }).wire;
  const checked = readWithout(codec, said, { token: wireToken ?? (token as unknown as JsonObject) });
  if (!checked.ok) return unusable(checked.error);
  const info = codec.up(checked.value, { owner });
  return ok(completed(info as unknown as JsonObject, token, references) as unknown as AuthorizationInfo);
}

/** Checks an answer with `instead` in the place of fields that are missing or faulty; those it has nothing for are left out. */
function readWithout(codec: Codec<"AuthorizationInfo">, said: JsonObject, instead: JsonObject) {
  const first = codec.parse(said);
  if (first.ok) return first;
  const faulty = new Set(first.error.map(({ pointer }) => pointer.split("/")[1] ?? ""));
  const kept = Object.entries(said).filter(([name]) => name === "allowed" || !faulty.has(name));
  const filled = Object.entries(instead).filter(([name]) => faulty.has(name));
  return codec.parse(Object.fromEntries([...kept, ...filled]));
}

/** The party the request is for: the token's, where it is one of the partner's; a contract's provider else. */
function addressee({ roles }: Partner, party: { country_code: string; party_id: string }) {
  const isHub = roles.some(({ role }) => role === "HUB");
  const known = roles.find((role) => sameParty(role, party)) ?? roles.find(({ role }) => role === "EMSP");
  const { country_code, party_id } = isHub || known === undefined ? party : known;
  return { country_code, party_id };
}

/**
 * Why the partner gave no AuthorizationInfo. Only what is no answer at all lets the whitelist decide: nothing in time, a server that
 * fails, text that is not OCPI's, or a hub that did not reach the eMSP. Spec: 2.2.1 mod_tokens, POST Method (404 and 2004; 2002).
 */
function refusalOf({ http, code, message, outcome }: CallResult, wanted: ForeignToken): Reason {
  if (code === 2004 || (http === 404 && outcome === "refused")) return unknown(wanted);
  if (code === 2002) return { kind: "not_enough_information", message: message ?? "The partner needs a location" };
  const isSilent = http === null || http >= 500 || code === null || code >= 4000;
  if (isSilent) return { kind: "no_answer", message: `The partner did not authorize: ${message ?? outcome}` };
  const status = code < 2000 ? `HTTP ${http}` : `OCPI ${code}`;
  return {
    kind: "client_api_unusable",
    message: `The partner refused to authorize (${status}): ${message ?? outcome}`,
  };
}

const unknown = ({ country_code, party_id, uid }: ForeignToken): Reason => ({
  kind: "unknown_token",
  message: `Unknown token: ${country_code}/${party_id}/${uid}`,
});
