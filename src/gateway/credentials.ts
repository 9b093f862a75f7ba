import { discover, type StepFailure } from "../client/discover.ts";
import type { ExchangePorts, TokenEncoding } from "../client/exchange.ts";
import { isToken } from "../client/registration.ts";
import { urlRules } from "../client/url-rules.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Version } from "../ocpi/versions.ts";
import type { Partner, PartnerRole, TokenKind } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { checkClaims } from "./claims.ts";
import { type CompletionPorts, completeRegistration, partnerEvent, tellHost } from "./complete.ts";
import { describeOurselves, type Face, partnerRole, sideTowards, sideUnknown } from "./own-credentials.ts";

/** Longest a token is held by one registration: the call-backs and their retries fit in, a crash frees it. */
const CLAIM_MS = 90_000;
/** How long one call-back may take; the partner is waiting for our answer meanwhile. */
const CALL_BACK_TIMEOUT_MS = 10_000;

/** Who presented a token, and which. */
export interface Caller {
  partner: Partner;
  kind: TokenKind;
  hash: string;
  /** How it was written in Authorization: most partners want to be spoken to likewise. */
  encoding: TokenEncoding;
}

/** A POST or PUT of credentials. */
export interface Handshake extends Face {
  caller: Caller;
  /** The version whose credentials endpoint was called. */
  version: Version;
  /** The partner's. */
  credentials: Credentials;
}

export type CredentialsPorts = ExchangePorts & CompletionPorts & Pick<Ports, "config" | "parties" | "background">;

/**
 * POST credentials: a partner registers with token A. It is called back before it is answered; when anything fails,
 * nothing has changed and token A is as good as before. Of several at once with one token, one registers.
 * Spec: all credentials, POST method; Registration.
 */
export async function acceptRegistration(
  ports: CredentialsPorts,
  handshake: Handshake,
): Promise<Result<Credentials, Reason>> {
  const { caller } = handshake;
  if (caller.kind !== "INVITE")
    return err(notAllowed("GET, PUT, DELETE", "Already registered; PUT updates the credentials"));
  const until = ports.clock.now() + CLAIM_MS;
  if (!(await ports.partners.claim(caller.hash, until))) {
    return err(notAllowed("GET", "This token is being used for a registration right now"));
  }
  try {
    return await accept(ports, handshake, "partner.registered");
  } finally {
    await ports.partners.release(caller.hash);
  }
}

/**
 * PUT credentials: new tokens both ways, endpoints found anew, and the version of the endpoint that was called. The
 * token presented stays good until the new one is first used, for this answer may be lost. Also completes a
 * registration of ours whose answer was lost: the partner holds the token we sent it.
 * Spec: all credentials, PUT method; Updating to a newer version.
 */
export async function acceptUpdate(
  ports: CredentialsPorts,
  handshake: Handshake,
): Promise<Result<Credentials, Reason>> {
  const { kind, partner } = handshake.caller;
  if (kind === "INVITE") return err(notAllowed("GET, POST", "Not registered; POST registers"));
  return accept(ports, handshake, partner.status === "INVITED" ? "partner.registered" : "partner.updated");
}

/** DELETE credentials: the partner ends the registration. Spec: all credentials, DELETE method. */
export async function acceptRemoval(ports: CredentialsPorts, caller: Caller): Promise<Result<null, Reason>> {
  const { partner, kind } = caller;
  if (kind === "INVITE" || partner.status === "INVITED") return err(notAllowed("GET, POST", "Not registered"));
  await ports.partners.unregister(partner.id);
  await ports.events.append([partnerEvent("partner.unregistered", { ...partner, status: "UNREGISTERED" })]);
  await tellHost(ports, partner.id, "stopped");
  return ok(null);
}

/**
 * GET credentials: how the caller reaches us. The token is the one it presented, for ours are only kept as hashes.
 * Spec: all credentials, GET method.
 */
export async function ownCredentials(
  ports: Pick<Ports, "parties" | "partners">,
  partner: Partner,
  version: Version,
  token: string,
  face: Face,
): Promise<Result<Credentials, Reason>> {
  return describeOurselves(ports, partner, version, token, face);
}

async function accept(
  ports: CredentialsPorts,
  handshake: Handshake,
  event: "partner.registered" | "partner.updated",
): Promise<Result<Credentials, Reason>> {
  const { caller } = handshake;
  const { partner } = caller;
  const claim = await checkHandshake(ports, handshake);
  if (!claim.ok) return claim;
  const { side, roles, url, token: outboundToken } = claim.value;

  // All that can be refused without the network has been: an answer that we could not give is not worth two calls.
  const token = ports.ids.token();
  const face = { base: handshake.base, side: sideTowards(side) ?? handshake.side };
  const ours = await describeOurselves(ports, { ...partner, side }, handshake.version, token, face);
  if (!ours.ok) return ours;
  const found = await discover(ports, {
    partner: partner.id,
    versionsUrl: url,
    token: outboundToken,
    encodings: encodingsFor(partner, caller.encoding, handshake.version),
    preferred: () => null,
    accepts: [handshake.version],
    allowHosts: partner.settings.allow_hosts ?? [],
    rules: urlRules(ports.config, handshake.base),
    timeoutMs: CALL_BACK_TIMEOUT_MS,
  });
  if (!found.ok) return err(callBackReason(found.error));
  const completed = await completeRegistration(ports, {
    partner,
    discovery: found.value,
    versionsUrl: url,
    side,
    roles,
    outboundToken,
    inboundHash: await ports.secrets.hash(token),
    usedHash: caller.hash,
    event,
  });
  return completed.ok ? ours : completed;
}

interface Checked {
  side: "CPO" | "EMSP" | null;
  roles: PartnerRole[];
  url: string;
  token: string;
}

/** What can be said of a handshake before anybody is called. */
async function checkHandshake(ports: CredentialsPorts, handshake: Handshake): Promise<Result<Checked, Reason>> {
  const { version, credentials, caller } = handshake;
  const { partner } = caller;
  const { token, url } = credentials;
  if (partner.allow.versions && !partner.allow.versions.includes(version.number)) {
    return err({ kind: "unsupported_version", message: `This connection is for ${partner.allow.versions.join(", ")}` });
  }
  if (!isToken(token)) {
    return err({ kind: "invalid", faults: [{ pointer: "/token", message: "is not printable ASCII without spaces" }] });
  }
  if (typeof url !== "string") return err({ kind: "invalid", faults: [{ pointer: "/url", message: "is missing" }] });
  let side = partner.side;
  if (version.dialect.connectionHasOneRole) {
    side = partnerRole(await ports.parties.list(), partner, handshake.side);
    if (side === null) return err({ kind: "conflict", message: sideUnknown(handshake.base) });
  }
  const roles = checkClaims(partner, credentials, side);
  return roles.ok ? ok({ side, roles: roles.value, url, token }) : roles;
}

/** Ways to write a token towards a partner, the likeliest first: as it does itself, as its version has it, the other. */
export function encodingsFor(
  partner: Partner,
  learned: TokenEncoding | null,
  version: Version | null,
): TokenEncoding[] {
  const set = partner.settings.token_encoding;
  if (set !== "auto") return [set];
  const usual = version?.dialect.tokenEncoding ?? "base64";
  return [...new Set([learned ?? usual, usual, "base64", "raw"] as const)];
}

function callBackReason(failure: StepFailure): Reason {
  const answered =
    failure.http === null ? "" : ` (HTTP ${failure.http}${failure.code === null ? "" : `, OCPI ${failure.code}`})`;
  const message = `Your ${failure.step}: ${failure.message}${answered}`;
  switch (failure.why) {
    case "unusable":
      return { kind: "client_api_unusable", message };
    case "no_version":
      return { kind: "unsupported_version", message };
    case "no_endpoints":
      return { kind: "no_matching_endpoints", message };
  }
}

function notAllowed(allow: string, message: string): Reason {
  return { kind: "method_not_allowed", allow: allow.split(", "), message };
}
