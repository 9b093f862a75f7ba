import type { CallResult } from "../client/exchange.ts";
import { callPartner, endpointOf } from "../client/request.ts";
import { isObject, type JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { AuthorizationInfo, LocationReferences, Token } from "../model/tokens.ts";
import type { Endpoint } from "../ocpi/endpoints.ts";
import { sameParty } from "../ocpi/headers.ts";
import type { Reason } from "../ocpi/status.ts";
import { findEndpoint } from "../ocpi/urls.ts";
import { codecOf, type Version, versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Partner } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { completed, listedInfo, ownInfo, planOf, providerOf } from "./authorize-rules.ts";
import { refOf } from "./keys.ts";

// We are the CPO: somebody stands at a charge point with a token. Two D1 calls (the token, its partner), and one request to the
// eMSP where the token's whitelist asks for it.

/** The token somebody stands there with. Parties in upper case. */
export interface ForeignToken {
  country_code: string;
  party_id: string;
  uid: string;
  type: string;
}

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
 * @returns `unknown_token` when neither we nor the eMSP know it; `not_enough_information` when the eMSP needs a location;
 * `no_answer` when the eMSP did not answer in time and its whitelist does not allow it
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
  const answer = await askPartner(ports, partner, route, wanted, token, references);
  if (answer.ok) return ok({ info: answer.value, source: "REALTIME" });
  return answer.error.kind === "no_answer" && fromList !== null && listed === "ALLOWED" ? fromList : answer;
}

/** The token as its eMSP told it, whether that compares ids with case or without. One D1 call. */
async function storedToken(ports: ForeignPorts, { uid, ...wanted }: ForeignToken): Promise<StoredObject | null> {
  const at = (ciIds: boolean) => refOf({ module: "tokens", ...wanted, id: uid, ciIds });
  const loaded = await ports.objects.load({ kind: "operator" }, [at(false), at(true)], "none");
  if (!loaded.ok) return null;
  return loaded.value.find(({ object }) => object !== null && !object.deleted)?.object ?? null;
}

/**
 * Whose token it is: the partner that told of it; of one nobody told of the partner with its party, or with the party its contract id
 * names, for contracts of Plug & Charge are not sent round. Null: none that is connected. One D1 call.
 */
async function partnerOf(
  ports: ForeignPorts,
  { uid, country_code, party_id }: ForeignToken,
  stored: StoredObject | null,
): Promise<Partner | null> {
  if (stored?.partner) {
    const partner = await ports.partners.get(stored.partner);
    return partner?.status === "REGISTERED" ? partner : null;
  }
  const registered = await ports.partners.registered();
  const provider = providerOf(uid);
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

async function askPartner(
  ports: ForeignPorts,
  partner: Partner,
  { version, row }: Route,
  wanted: ForeignToken,
  token: Token | null,
  references: LocationReferences | null,
): Promise<Result<AuthorizationInfo, Reason>> {
  const { uid, country_code, party_id } = wanted;
  const { authorize } = await ports.settings.get();
  const result = await callPartner(ports, partner, {
    row,
    params: { token_uid: token?.uid ?? uid },
    query: { type: saidType(version, wanted, token) },
    ...(references === null ? {} : { body: references as unknown as JsonObject }),
    to: addressee(partner, { country_code, party_id }),
    timeoutMs: authorize.partner_timeout_ms,
  });
  if (result.outcome !== "ok") return err(refusalOf(result, wanted));
  const codec = codecOf(version, "AuthorizationInfo");
  const checked = isObject(result.data) ? codec?.parse(result.data) : undefined;
  if (codec === undefined || !checked?.ok)
    return err({ kind: "no_answer", message: "The partner's answer is no AuthorizationInfo" });
  const info = codec.up(checked.value, { owner: { country_code, party_id } });
  return ok(completed(info as unknown as JsonObject, token, references) as unknown as AuthorizationInfo);
}

/** The party the request is for: the token's, where it is one of the partner's; a contract's provider else. */
function addressee({ roles }: Partner, party: { country_code: string; party_id: string }) {
  const isHub = roles.some(({ role }) => role === "HUB");
  const known = roles.find((role) => sameParty(role, party)) ?? roles.find(({ role }) => role === "EMSP");
  const { country_code, party_id } = isHub || known === undefined ? party : known;
  return { country_code, party_id };
}

/** The type by which the partner's version knows the token. */
function saidType(version: Version, { type }: ForeignToken, token: Token | null): string {
  const probe = { ...(token ?? {}), type } as Token;
  const said = codecOf(version, "Token")?.down(probe, { origin: version.number }).wire?.type;
  return typeof said === "string" ? said : type;
}

/** Why the partner gave no AuthorizationInfo. Spec: 2.2.1 mod_tokens, POST Method (404 and 2004; 2002). */
function refusalOf({ http, code, message, outcome }: CallResult, wanted: ForeignToken): Reason {
  if (code === 2004 || (http === 404 && outcome === "refused")) return unknown(wanted);
  if (code === 2002) return { kind: "not_enough_information", message: message ?? "The partner needs a location" };
  return { kind: "no_answer", message: `The partner did not authorize: ${message ?? outcome}` };
}

const unknown = ({ country_code, party_id, uid }: ForeignToken): Reason => ({
  kind: "unknown_token",
  message: `Unknown token: ${country_code}/${party_id}/${uid}`,
});
