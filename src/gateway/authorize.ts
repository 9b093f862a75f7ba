import { postSigned } from "../client/signed-post.ts";
import { isObject, type JsonObject, parseJson } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { withoutBeside } from "../model/beside.ts";
import type { AuthorizationInfo, LocationReferences, Token } from "../model/tokens.ts";
import type { Reason } from "../ocpi/status.ts";
import { newest, type Version } from "../ocpi/versions.ts";
import type { Actor } from "../ports/objects.ts";
import type { Partner } from "../ports/partners.ts";
import type { Settings } from "../ports/settings.ts";
import type { Ports } from "../ports.ts";
import { completed, ownInfo } from "./authorize-rules.ts";
import { visibility } from "./entitlement.ts";
import { partyKey, refOf } from "./keys.ts";
import { AUTHORIZE_SECRET } from "./settings.ts";

// We are the eMSP: a partner CPO asks whether one of our tokens may be used. One D1 call; none of ours is ever asked of a partner.

/** What a partner asks. Uid and type as it says them. */
export interface AuthorizeRequest {
  actor: Actor;
  partner: Partner;
  version: Version;
  uid: string;
  type: string;
  references: LocationReferences | null;
}

export type AuthorizePorts = Pick<
  Ports,
  "clock" | "ids" | "objects" | "parties" | "settings" | "secrets" | "fetcher" | "log"
>;

/** Types a version without them says as OTHER. Spec: 2.3.0 mod_tokens, TokenType. */
const LATER_TYPES = ["APP_USER", "AD_HOC_USER", "EMAID"];

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
  const [found, { authorize }] = await Promise.all([ownToken(ports, request), ports.settings.get()]);
  if (!found.ok) return found;
  const token = found.value;
  const { references, uid } = request;
  const said = authorize.webhook === null ? null : await askBackOffice(ports, authorize, request, token);
  if (said !== null) return said;
  if (token === null) return err({ kind: "unknown_token", message: `Unknown token: ${uid}` });
  return ok(ownInfo(token, references));
}

async function ownToken(
  ports: AuthorizePorts,
  { actor, partner, version, uid, type }: AuthorizeRequest,
): Promise<Result<Token | null, Reason | "stale">> {
  const parties = await ports.parties.list();
  const seen = visibility(partner, "tokens", parties);
  const shared = parties.filter(({ country_code, party_id }) => {
    return seen !== null && (seen.own === null || seen.own.includes(partyKey(country_code, party_id)));
  });
  if (shared.length === 0)
    return err({ kind: "unknown_path", message: "The module tokens is not shared with this connection" });
  const types = type === "OTHER" ? [type, ...LATER_TYPES] : [type];
  const refs = shared.flatMap(({ country_code, party_id }) =>
    types.map((one) => refOf({ module: "tokens", country_code, party_id, id: uid, type: one, ciIds: true })),
  );
  const loaded = await ports.objects.load(actor, refs, "none");
  if (!loaded.ok) return err(loaded.why);
  for (const { object } of loaded.value) {
    if (object === null || object.deleted || object.partner !== null) continue;
    const token = object.body as unknown as Token;
    if (saidType(version, token) === type) return ok(token);
  }
  return ok(null);
}

/** The type by which a version knows a token. */
function saidType(version: Version, token: Token): unknown {
  return version.codecs.Token.down(token, { origin: newest.number }).wire?.type;
}

/** The back office's answer; null: there is none that can be used. */
async function askBackOffice(
  ports: AuthorizePorts,
  { webhook, secret, timeout_ms }: Settings["authorize"],
  { partner, uid, type, references }: AuthorizeRequest,
  token: Token | null,
): Promise<Result<AuthorizationInfo, Reason> | null> {
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
        token: token === null ? { uid, type } : withoutBeside(token as unknown as JsonObject),
        ...(references === null ? {} : { location: references as unknown as JsonObject }),
      },
    },
    timeoutMs: timeout_ms,
  });
  if (outcome.kind !== "answer") return useless(ports, outcome.detail);
  if (outcome.status === 404) return err({ kind: "unknown_token", message: `Unknown token: ${uid}` });
  if (outcome.status === 422)
    return err({ kind: "not_enough_information", message: "LocationReferences are needed to authorize this token" });
  if (outcome.status !== 200) return useless(ports, `HTTP ${outcome.status}`);
  const read = parseJson(outcome.body);
  if (!read.ok || !isObject(read.value)) return useless(ports, "the answer is no JSON object");
  const codec = newest.codecs.AuthorizationInfo;
  const checked = codec?.parse(completed(read.value, token, references));
  if (codec === undefined || !checked?.ok) {
    const faults = checked?.ok === false ? checked.error.map(({ pointer, message }) => `${pointer} ${message}`) : [];
    return useless(ports, `the answer is no AuthorizationInfo: ${faults.slice(0, 3).join("; ")}`);
  }
  return ok(codec.up(checked.value, {}));
}

function useless({ log }: Pick<Ports, "log">, error: string): null {
  log.write("warn", "The back office did not authorize in time, or not in a form that can be used", { error });
  return null;
}
