import { type Discovery, type DiscoveryRequest, discover, type StepFailure } from "../client/discover.ts";
import { type CredentialsCall, sendCredentials, withdrawCredentials } from "../client/registration.ts";
import { endpointOf, tokenOf } from "../client/request.ts";
import { checkUrl, type UrlRules, urlRules } from "../client/url-rules.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Credentials } from "../model/credentials.ts";
import { describeFaults, ocpiStatus, type Reason } from "../ocpi/status.ts";
import { versionsUrl } from "../ocpi/urls.ts";
import { type Version, versionByNumber, versions } from "../ocpi/versions.ts";
import type { NewPartner, Partner } from "../ports/partners.ts";
import { checkClaims } from "./claims.ts";
import { completeRegistration, everyPartner, partnerEvent, tellHost } from "./complete.ts";
import { type CredentialsPorts, encodingsFor } from "./credentials.ts";
import { describeOurselves, encodeCredentials, partnerRole, sideTowards, sideUnknown } from "./own-credentials.ts";

/** How long a credentials token A can be used. */
export const INVITE_DAYS = 7;
const DAY_MS = 86_400_000;

/** Why a registration that we began did not come about. */
export interface RegistrationFailure {
  /** Where it stopped; `local`: here, before or after all the partner had to say, and no fault of the partner. */
  step: StepFailure["step"] | "local";
  message: string;
  http: number | null;
  code: number | null;
  /** What the partner answered, secrets hidden. */
  answer: string | null;
  /** The answer was lost: the partner may have done what it was asked. */
  uncertain?: boolean;
}

/** Our versions URL for a partner to register at: the one that says what we are, where its role is known. */
export function versionsUrlFor(base: string, side: "CPO" | "EMSP" | null): string {
  return versionsUrl(base, sideTowards(side));
}

/** An invitation: a partner that may register with the token, which is shown this once. */
export async function invitePartner(
  ports: Pick<CredentialsPorts, "ids" | "secrets" | "partners" | "clock">,
  partner: NewPartner,
): Promise<{ partner: Partner; token: string }> {
  const token = ports.ids.token();
  const expiresAt = ports.clock.now() + INVITE_DAYS * DAY_MS;
  return { partner: await ports.partners.create(partner, await ports.secrets.hash(token), expiresAt), token };
}

/** A fresh token A for a partner we know: its registration was cut off half-way, or it must register anew. */
export async function inviteAgain(
  ports: Pick<CredentialsPorts, "ids" | "secrets" | "partners" | "clock">,
  id: string,
): Promise<{ token: string }> {
  const token = ports.ids.token();
  await ports.partners.invite(id, await ports.secrets.hash(token), ports.clock.now() + INVITE_DAYS * DAY_MS);
  return { token };
}

/** Where and with what we register. */
export interface RegisterRequest {
  versionsUrl: string;
  /** Token A the partner gave us. */
  token: string;
  /** Only this version; absent: the newest in common. */
  version?: string | undefined;
  base: string;
}

/**
 * Registers with a partner that invited us. Its row stands from before the POST, because the partner calls us back with our
 * token while the POST is open. On a failure the row goes again, unless the partner's answer to the POST was lost: then
 * the partner may hold us for registered, and its row is kept as INVITED with the token we sent, so that a PUT of
 * the partner completes it; registering again with a fresh token A replaces it.
 * Spec: all credentials, Registration.
 */
export async function registerWith(
  ports: CredentialsPorts,
  invited: NewPartner,
  request: RegisterRequest,
): Promise<Result<Partner, RegistrationFailure>> {
  const accepts = accepted(invited, request.version);
  if (!accepts.ok) return accepts;
  if ((await ports.parties.list()).length === 0)
    return err(local("Set up an own party first: PUT /parties/{country_code}/{party_id}"));
  const partner = await ports.partners.create({ ...invited, versions_url: request.versionsUrl }, null, null);
  const found = await discover(ports, discovery(ports, partner, request, accepts.value));
  const registered = found.ok
    ? await handshake(ports, partner, { method: "POST", request, discovery: found.value })
    : err({ ...found.error, message: hinted(found.error) });
  if (registered.ok) {
    await forgetCutOff(ports, registered.value, request.versionsUrl);
    return registered;
  }
  const failure = registered.error;
  if (!failure.uncertain) {
    await ports.partners.remove(partner.id);
    return err(failure);
  }
  return err({ ...failure, message: `${failure.message}. ${CUT_OFF}` });
}

/** What an operator can do about an answer that was lost. */
const CUT_OFF =
  "The partner may hold us for registered: it can complete this by a PUT of its credentials, or give a fresh token to register with again";

/**
 * PUT credentials at a partner: new tokens both ways, endpoints found anew, our roles announced; another version when
 * one is given. A partner that answers 405 does not hold us for registered: the same is then sent as POST.
 * Spec: all credentials, Updating to a newer version; Changing endpoints for the current version.
 */
export async function refreshRegistration(
  ports: CredentialsPorts,
  partner: Partner,
  how: { version?: string | undefined; base: string },
): Promise<Result<Partner, RegistrationFailure>> {
  const accepts = accepted(partner, how.version);
  if (!accepts.ok) return accepts;
  const token = await tokenOf(ports, partner);
  if (token === null || partner.versions_url === null)
    return err(local("The partner is not registered: invite it, or register with it"));
  const request = { versionsUrl: partner.versions_url, token, base: how.base };
  const current =
    how.version === undefined ? accepts.value.filter((version) => version.number === partner.version) : [];
  let found = await discover(ports, discovery(ports, partner, request, current.length > 0 ? current : accepts.value));
  if (!found.ok && found.error.why === "no_version" && current.length > 0) {
    found = await discover(ports, discovery(ports, partner, request, accepts.value));
  }
  if (!found.ok) return found;
  const updated = await handshake(ports, partner, { method: "PUT", request, discovery: found.value });
  if (updated.ok || updated.error.http !== 405) return updated;
  return handshake(ports, partner, { method: "POST", request, discovery: found.value });
}

/**
 * Ends a connection: DELETE credentials there, whatever comes of it, then here. An invitation nobody used and a partner that
 * is unregistered already are forgotten.
 */
export async function unregisterAt(ports: CredentialsPorts, partner: Partner): Promise<void> {
  if (partner.status === "INVITED" || partner.status === "UNREGISTERED") return ports.partners.remove(partner.id);
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  const endpoint = endpointOf(partner, "credentials", null);
  const token = await tokenOf(ports, partner);
  if (version && endpoint && token !== null) {
    const { id, token_encoding } = partner;
    await withdrawCredentials(ports, { partner: id, version, url: endpoint.url, token, encoding: token_encoding });
  }
  await ports.partners.unregister(partner.id);
  await ports.events.append([partnerEvent("partner.unregistered", { ...partner, status: "UNREGISTERED" })]);
  await tellHost(ports, partner.id, "stopped");
}

interface Exchange {
  method: "POST" | "PUT";
  request: RegisterRequest;
  discovery: Discovery;
}

/** Our side of a POST or PUT: B made usable, credentials exchanged, the partner's claims checked, all written. */
async function handshake(
  ports: CredentialsPorts,
  partner: Partner,
  { method, request, discovery: found }: Exchange,
): Promise<Result<Partner, RegistrationFailure>> {
  const { version } = found;
  const side = version.dialect.connectionHasOneRole
    ? partnerRole(await ports.parties.list(), partner, null)
    : partner.side;
  if (version.dialect.connectionHasOneRole && side === null) return err(local(roleNeeded(version, request.base)));
  const tokenB = ports.ids.token();
  const face = { base: request.base, side: sideTowards(side) };
  const ours = await describeOurselves(ports, { ...partner, side }, version, tokenB, face);
  if (!ours.ok) return err(localReason(ours.error));
  const wire = encodeCredentials(version, ours.value);
  if (!wire.ok) return err(localReason(wire.error));

  const inboundHash = await ports.secrets.hash(tokenB);
  await ports.partners.addToken(partner.id, inboundHash, "PENDING");
  const url = found.endpoints.find((endpoint) => endpoint.identifier.toLowerCase() === "credentials")?.url ?? "";
  const call: CredentialsCall = { partner: partner.id, version, url, token: request.token, encoding: found.encoding };
  const theirs = await sendCredentials(ports, { ...call, method, wire: wire.value, role: side });
  if (!theirs.ok) {
    if (!theirs.error.uncertain) await ports.partners.dropToken(inboundHash);
    return theirs;
  }
  const claims = checkClaims(partner, theirs.value, side);
  const written = claims.ok
    ? await completeRegistration(ports, {
        partner,
        discovery: found,
        versionsUrl: callable(theirs.value.url, urlRules(ports.config, request.base)) ?? request.versionsUrl,
        side,
        roles: claims.value,
        outboundToken: theirs.value.token,
        inboundHash,
        event: method === "POST" ? "partner.registered" : "partner.updated",
      })
    : claims;
  if (written.ok) return written;
  // After a POST the partner holds us for registered, and we do not: it is told, so that nothing stands half. After a PUT
  // both stay registered as they were; the token it has from us now must stay good.
  if (method === "POST") {
    await withdrawCredentials(ports, { ...call, token: theirs.value.token });
    await ports.partners.dropToken(inboundHash);
  }
  return err(localReason(written.error, theirs.value));
}

function callable(url: string | null | undefined, rules: UrlRules): string | null {
  return url && checkUrl(url, rules).ok ? url : null;
}

/** Rows kept for a lost answer, once the same platform has registered. */
async function forgetCutOff(ports: CredentialsPorts, registered: Partner, versionsUrl: string): Promise<void> {
  const cutOff = (await everyPartner(ports)).filter(
    (other) => other.id !== registered.id && other.status === "INVITED" && other.versions_url === versionsUrl,
  );
  for (const { id } of cutOff) await ports.partners.remove(id);
}

function discovery(
  ports: CredentialsPorts,
  partner: Partner,
  request: RegisterRequest,
  accepts: Version[],
): DiscoveryRequest {
  const isKnown = partner.outbound_token !== null;
  return {
    partner: partner.id,
    versionsUrl: request.versionsUrl,
    token: request.token,
    encodings: encodingsFor(partner, isKnown ? partner.token_encoding : null, null),
    // What was learned holds for the version it was learned in.
    preferred: (version) => (isKnown && version.number === partner.version ? null : version.dialect.tokenEncoding),
    accepts,
    allowHosts: partner.settings.allow_hosts ?? [],
    rules: urlRules(ports.config, request.base),
  };
}

function accepted(partner: Pick<Partner, "allow">, wanted: string | undefined): Result<Version[], RegistrationFailure> {
  const allowed = versions.filter(({ number }) => !partner.allow.versions || partner.allow.versions.includes(number));
  if (wanted === undefined) return ok(allowed);
  const version = allowed.find(({ number }) => number === wanted);
  return version
    ? ok([version])
    : err(local(`Version ${wanted} is not one of ${allowed.map(({ number }) => number).join(", ")}`));
}

function roleNeeded(version: Version, base: string): string {
  return `Version ${version.number} cannot say roles: give the partner's role (CPO or EMSP). ${sideUnknown(base)}`;
}

function hinted(failure: StepFailure): string {
  if (failure.http !== 401 && failure.http !== 403) return failure.message;
  return `${failure.message}: the partner does not accept the token (tried as Base64 and as plain text unless settings.token_encoding says)`;
}

function local(message: string): RegistrationFailure {
  return { step: "local", message, http: null, code: null, answer: null };
}

/** A refusal of ours; of credentials that the partner sent, it is the partner's step that failed. */
function localReason(reason: Reason, theirs?: Credentials): RegistrationFailure {
  const message = reason.kind === "invalid" ? describeFaults(reason.faults) : ocpiStatus(reason).message;
  if (theirs === undefined || reason.kind === "conflict") return local(message);
  return { ...local(`The partner's credentials are refused: ${message}`), step: "credentials" };
}
