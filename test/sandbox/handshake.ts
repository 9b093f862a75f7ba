import { type Context, credentials, report } from "./context.ts";
import { freshToken } from "./headers.ts";
import { callPeer } from "./send.ts";
import type { Answer, OcpiObject, Peer, PeerEndpoint } from "./types.ts";
import { atLeast, newestCommon, type Version } from "./versions.ts";

/** Why a handshake stopped: the step, and what the peer answered to it, if anything. */
export interface HandshakeError extends Error {
  step: "versions" | "no-version" | "version_details" | "credentials";
  answer?: Answer;
}

function failed(step: HandshakeError["step"], message: string, answer?: Answer): HandshakeError {
  const told = answer
    ? `${message}: HTTP ${answer.http}, OCPI ${answer.status_code} ${answer.status_message ?? ""}`
    : message;
  return Object.assign(new Error(`${step}: ${told}`), { step, answer });
}

function good(answer: Answer): boolean {
  const code = answer.status_code ?? 0;
  return answer.http < 300 && code >= 1000 && code < 2000;
}

async function step(
  context: Context,
  peer: Peer,
  name: HandshakeError["step"],
  method: string,
  url: string,
  type: string,
  body?: OcpiObject,
) {
  const module = name === "version_details" ? "details" : name;
  const answer = await callPeer(context, peer, {
    method,
    url,
    version: peer.version,
    module,
    answerType: type,
    body,
    bodyType: "Credentials",
  }).catch((error: Error) => Promise.reject(failed(name, error.message)));
  if (!good(answer)) throw failed(name, "refused", answer);
  return answer;
}

/** The parties of credentials, whatever version they are of. */
export function partiesOf(version: Version, body: OcpiObject): Pick<Peer, "roles" | "hubPartyId"> {
  if (atLeast(version, "2.2"))
    return { roles: Array.isArray(body.roles) ? body.roles : [], hubPartyId: body.hub_party_id };
  const { country_code, party_id, business_details } = body;
  return { roles: [{ country_code, party_id, business_details }] };
}

/** GET versions and GET details at a peer: which version, and its endpoints. Rejects with a `HandshakeError`. */
export async function discover(
  context: Context,
  peer: Peer,
  wanted?: Version,
): Promise<{ version: Version; endpoints: PeerEndpoint[] }> {
  const list = await step(context, peer, "versions", "GET", peer.versionsUrl, "Version[]");
  const offeredVersions = (Array.isArray(list.data) ? list.data : []) as OcpiObject[];
  const names = offeredVersions.map((entry) => entry.version as string);
  const version = newestCommon(wanted ? [wanted] : context.versions, names);
  const entry = offeredVersions.find((offer) => offer.version === version);
  if (!version || !entry) throw failed("no-version", `${names.join(", ")} has nothing in common with us`, list);
  const asked = { ...peer, version };
  const details = await step(context, asked, "version_details", "GET", entry.url, "VersionDetails");
  const { endpoints } = details.data as OcpiObject;
  if (!Array.isArray(endpoints)) throw failed("version_details", "no endpoints", details);
  return { version, endpoints };
}

/** Sends our credentials to the peer's endpoint of a version, and takes over what it answers. */
async function exchangeCredentials(context: Context, peer: Peer, method: "POST" | "PUT"): Promise<void> {
  const endpoint = peer.endpoints.find(({ identifier }) => identifier === "credentials");
  if (!endpoint) throw failed("version_details", "the peer lists no credentials endpoint");
  const token = freshToken();
  const before = peer.tokensIn;
  // The peer calls back with this token while it still owes us its answer.
  peer.tokensIn = [token, ...before];
  try {
    const body = credentials(context, peer.version, token);
    const answer = await step(context, peer, "credentials", method, endpoint.url, "Credentials", body);
    const given = answer.data as OcpiObject;
    if (given.token === peer.tokenOut || given.token === token) {
      const message = "the token is not a new one";
      report(context, `${method} ${endpoint.url}`, "answer", [{ pointer: "/data/token", rule: "rule", message }]);
    }
    peer.tokenOut = given.token;
    peer.versionsUrl = given.url;
    Object.assign(peer, partiesOf(peer.version, given));
    peer.registered = true;
  } catch (error) {
    // An answer says the peer kept nothing; without one it may well use the new token already.
    if ((error as HandshakeError).answer) peer.tokensIn = before;
    throw error;
  }
}

/**
 * Registers with a platform as the one who starts: GET versions, GET details, POST credentials.
 * Rejects with a `HandshakeError`, and then nothing is kept.
 */
export async function register(context: Context, versionsUrl: string, tokenA: string, wanted?: Version): Promise<Peer> {
  const peer: Peer = {
    version: wanted ?? context.options.version,
    versionsUrl,
    tokenOut: tokenA,
    tokensIn: [],
    roles: [],
    endpoints: [],
    registered: false,
  };
  context.peers.push(peer);
  try {
    Object.assign(peer, await discover(context, peer, wanted));
    await exchangeCredentials(context, peer, "POST");
  } catch (error) {
    context.peers.splice(context.peers.indexOf(peer), 1);
    throw error;
  }
  context.changed();
  return peer;
}

/** PUT credentials: new tokens both ways, and another version when one is wanted. */
export async function updateCredentials(context: Context, peer: Peer, wanted?: Version): Promise<Peer> {
  const { version, endpoints } = await discover(context, peer, wanted ?? peer.version);
  const before = { version: peer.version, endpoints: peer.endpoints };
  Object.assign(peer, { version, endpoints });
  try {
    await exchangeCredentials(context, peer, "PUT");
  } catch (error) {
    Object.assign(peer, before);
    throw error;
  }
  context.changed();
  return peer;
}

/** DELETE credentials; the connection is over whatever the peer answers. */
export async function unregister(context: Context, peer: Peer): Promise<Answer> {
  const endpoint = peer.endpoints.find(({ identifier }) => identifier === "credentials");
  if (!endpoint) throw failed("version_details", "the peer lists no credentials endpoint");
  try {
    return await step(context, peer, "credentials", "DELETE", endpoint.url, "-");
  } finally {
    peer.registered = false;
    peer.tokensIn = [];
    context.changed();
  }
}

/** GET credentials; the token they name must be the one we use. */
export async function readCredentials(context: Context, peer: Peer): Promise<OcpiObject> {
  const endpoint = peer.endpoints.find(({ identifier }) => identifier === "credentials");
  if (!endpoint) throw failed("version_details", "the peer lists no credentials endpoint");
  const answer = await step(context, peer, "credentials", "GET", endpoint.url, "Credentials");
  const data = answer.data as OcpiObject;
  if (data.token !== peer.tokenOut) {
    const message = "does not name the token in use";
    report(context, `GET ${endpoint.url}`, "answer", [{ pointer: "/data/token", rule: "rule", message }]);
  }
  return data;
}
