import { randomBytes } from "node:crypto";
import { type Context, report } from "./context.ts";
import type { Answer, Headers, InboundRequest, PartyId, Peer, TokenEncoding } from "./types.ts";
import type { Fault } from "./validate.ts";
import { atLeast, CONFIGURATION_MODULES, type Version } from "./versions.ts";

/** A fresh credentials token: 32 random bytes, in letters that any header can carry. */
export function freshToken(): string {
  return randomBytes(32).toString("base64url");
}

/** A token as it goes on the wire. */
export function encodeToken(token: string, encoding: TokenEncoding): string {
  if (encoding === "raw") return token;
  return Buffer.from(encoding === "base64-newline" ? `${token}\n` : token).toString("base64");
}

/** The tokens an Authorization header may mean, with the encoding each supposes. */
function candidates(header: string): { token: string; encoding: TokenEncoding }[] {
  const sent = /^Token (\S+)$/i.exec(header)?.[1];
  if (!sent) return [];
  const decoded = Buffer.from(sent, "base64").toString();
  const read: { token: string; encoding: TokenEncoding }[] = [{ token: sent, encoding: "raw" }];
  // Only the standard alphabet with its padding is Base64 here; Node would read other spellings too.
  if (Buffer.from(decoded).toString("base64") !== sent) return read;
  read.push({ token: decoded, encoding: "base64" });
  if (decoded.endsWith("\n")) read.push({ token: decoded.slice(0, -1), encoding: "base64-newline" });
  return read;
}

/** Who a request comes from: a peer, or somebody who still has a token A. */
export interface Caller {
  peer?: Peer;
  invite?: string;
  token: string;
  encoding: TokenEncoding;
}

/** Reads the Authorization header; undefined when nobody is known by it. */
export function authenticate(context: Context, headers: Headers): Caller | undefined {
  const accepts = context.options.acceptTokens ?? "any";
  for (const { token, encoding } of candidates(headers.authorization ?? "")) {
    if (accepts !== "any" && !encoding.startsWith(accepts)) continue;
    const peer = context.peers.find(({ tokensIn }) => tokensIn.includes(token));
    if (peer) {
      // The newest token was used, so its owner has it for certain: the older ones die.
      if (peer.registered && peer.tokensIn[0] === token) peer.tokensIn.length = 1;
      return { peer, token, encoding };
    }
    if (context.invites.has(token)) return { invite: token, token, encoding };
  }
  return undefined;
}

function fault(name: string, message: string): Fault {
  return { pointer: `header:${name}`, rule: "header", message };
}

function routing(headers: Headers, wanted: boolean, mayOmitTo: boolean): Fault[] {
  return (["to", "from"] as const).flatMap((direction) => {
    const [country, party] = [headers[`ocpi-${direction}-country-code`], headers[`ocpi-${direction}-party-id`]];
    const name = `ocpi-${direction}`;
    if (!wanted) {
      return country === undefined && party === undefined ? [] : [fault(name, "a configuration module is not routed")];
    }
    if (country === undefined && party === undefined) {
      return direction === "to" && mayOmitTo ? [] : [fault(name, "missing on a functional module")];
    }
    const right = /^[A-Za-z]{2}$/.test(country ?? "") && /^[A-Za-z0-9]{1,3}$/.test(party ?? "");
    return right ? [] : [fault(name, `${country} ${party} is no party`)];
  });
}

function messageIds(headers: Headers): Fault[] {
  return ["x-request-id", "x-correlation-id"].filter((name) => !headers[name]).map((name) => fault(name, "missing"));
}

/** Whether the rules of 2.2 on headers can be expected: everybody involved speaks 2.2 or later. */
function modern(context: Context, version: Version | undefined, peer: Peer | undefined): boolean {
  const known = version ?? peer?.version;
  return known ? atLeast(known, "2.2") : context.versions.every((own) => atLeast(own, "2.2"));
}

function tokenFaults(context: Context, version: Version | undefined, caller: Caller): Fault[] {
  // Who comes to the versions URL with a token A cannot know the version yet, and has to try; a partner with an
  // encoding of its own may be met halfway.
  const known = version ?? caller.peer?.version;
  if (!known || context.options.tokenEncoding) return [];
  const wanted = atLeast(known, "2.2") ? "base64" : "raw";
  return caller.encoding === wanted
    ? []
    : [fault("authorization", `the token came as ${caller.encoding}, ${known} sends it as ${wanted}`)];
}

/** Judges the headers of a request whose caller is known. */
export function judgeRequestHeaders(context: Context, label: string, entry: InboundRequest, caller: Caller): void {
  const { headers, version, module, body } = entry;
  const faults = tokenFaults(context, version, caller);
  if (body !== undefined && !/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    faults.push(fault("content-type", "a JSON body is application/json"));
  }
  if (modern(context, version, caller.peer)) {
    faults.push(...messageIds(headers));
    const isHub = context.roles.some(({ role }) => role === "HUB");
    const functional = !CONFIGURATION_MODULES.includes(module);
    faults.push(...routing(headers, functional, isHub));
    const to = `${headers["ocpi-to-country-code"]}/${headers["ocpi-to-party-id"]}`.toUpperCase();
    const ours = context.roles.some((r) => `${r.country_code}/${r.party_id}`.toUpperCase() === to);
    if (functional && headers["ocpi-to-party-id"] !== undefined && !ours && !isHub) {
      faults.push(fault("ocpi-to", `${to} is none of the parties here`));
    }
  }
  report(context, label, "request", faults);
}

/** Judges the headers of an answer: ids echoed, routing headers turned round. */
export function judgeAnswerHeaders(
  context: Context,
  label: string,
  version: Version,
  module: string,
  sent: Headers,
  answer: Answer,
): void {
  const { headers } = answer;
  const faults: Fault[] = [];
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    faults.push(fault("content-type", "an answer is application/json"));
  }
  if (atLeast(version, "2.2")) {
    for (const name of ["x-request-id", "x-correlation-id"]) {
      if (headers[name] !== sent[name]) faults.push(fault(name, `${headers[name]} does not echo ${sent[name]}`));
    }
    if (CONFIGURATION_MODULES.includes(module)) faults.push(...routing(headers, false, false));
    else if (answer.http < 300) faults.push(...routing(headers, true, false));
  }
  report(context, label, "answer", faults);
}

/** The four routing headers; a party that is undefined is left out. */
export function routingHeaders(from: PartyId | undefined, to: PartyId | undefined): Headers {
  return {
    ...(from && { "ocpi-from-country-code": from.country_code, "ocpi-from-party-id": from.party_id }),
    ...(to && { "ocpi-to-country-code": to.country_code, "ocpi-to-party-id": to.party_id }),
  };
}

/** The headers of an answer: the ids echoed and, on routed modules, from and to swapped (from 2.2 on). */
export function echoHeaders(context: Context, entry: InboundRequest): Headers {
  const { headers, module, version } = entry;
  const echoed: Headers = {};
  for (const name of ["x-request-id", "x-correlation-id"]) if (headers[name]) echoed[name] = headers[name];
  if (!version || !atLeast(version, "2.2") || CONFIGURATION_MODULES.includes(module)) return echoed;
  const asker = { country_code: headers["ocpi-from-country-code"], party_id: headers["ocpi-from-party-id"] };
  const [first] = context.roles;
  const asked = {
    country_code: headers["ocpi-to-country-code"] ?? first?.country_code,
    party_id: headers["ocpi-to-party-id"] ?? first?.party_id,
  };
  return { ...echoed, ...routingHeaders(asked as PartyId, asker.party_id ? (asker as PartyId) : undefined) };
}
