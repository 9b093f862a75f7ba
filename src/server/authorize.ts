import { authorizeOwn } from "../gateway/authorize.ts";
import { placeFor } from "../gateway/authorize-rules.ts";
import { DEFAULT_TOKEN_TYPE } from "../gateway/keys.ts";
import { err, ok } from "../lib/result.ts";
import type { LocationReferences, Token } from "../model/tokens.ts";
import { isRealLoss } from "../ocpi/codec.ts";
import { lint } from "../ocpi/lint.ts";
import { codecOf, newest } from "../ocpi/versions.ts";
import { success } from "./answer.ts";
import { actorOf, type Operate } from "./exchange.ts";
import { createProbeWatch } from "./probing.ts";

const watch = createProbeWatch();

/**
 * POST authorize: we are the eMSP. Spec: 2.2.1 mod_tokens, POST Method, Real-time authorization request; the query
 * parameter is `type` in all versions, though the table of 2.1.1 calls it token_type.
 */
export const postAuthorize: Operate = async (ports, exchange) => {
  const { route, caller, url, body, now, routing } = exchange;
  const { version, params } = route;
  const types = url.searchParams.getAll("type");
  if (types.length > 1) return err({ kind: "invalid", faults: [{ pointer: "type", message: "is given twice" }] });
  let references: LocationReferences | null = null;
  if (body !== undefined) {
    const codec = codecOf(version, "LocationReferences");
    const wire = codec?.parse(body);
    if (wire?.ok === false) return err({ kind: "invalid", faults: wire.error });
    // They come back in the answer, where one that is too long would be another id.
    const tooLong = lint(version, "LocationReferences", wire?.value).filter(({ rule }) => rule === "length");
    if (tooLong.length > 0) return err({ kind: "invalid", faults: tooLong });
    if (codec !== undefined && wire !== undefined) references = codec.up(wire.value, { origin: version.number });
  }
  const info = await authorizeOwn(ports, {
    actor: actorOf(exchange),
    partner: caller.partner,
    version,
    to: routing.to,
    uid: params.token_uid ?? "",
    type: types[0] || DEFAULT_TOKEN_TYPE,
    references,
  });
  if (!info.ok) {
    const isUnknown = info.error !== "stale" && info.error.kind === "unknown_token";
    if (isUnknown && watch.isProbing(caller.partner.id, now))
      ports.log.write("warn", "A partner asks about many tokens that do not exist", { partner: caller.partner.id });
    return info;
  }
  const place = placeFor(version, info.value.location);
  const said = place === info.value.location ? info.value : { ...info.value, location: place };
  const down = codecOf(version, "AuthorizationInfo")?.down(said, {
    origin: newest.number,
    references: info.value.token ? { token: info.value.token as Token } : {},
    now,
  });
  if (down?.wire === undefined) {
    const message = down?.refused?.reason ?? `OCPI ${version.number} cannot say this`;
    return err({ kind: "not_representable", message });
  }
  return ok(success(down.wire, { losses: down.losses.filter(isRealLoss) }));
};
