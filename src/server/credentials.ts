import { acceptRegistration, acceptRemoval, acceptUpdate, ownCredentials } from "../gateway/credentials.ts";
import { encodeCredentials, partnerRole } from "../gateway/own-credentials.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Credentials } from "../model/credentials.ts";
import { lint } from "../ocpi/lint.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Version } from "../ocpi/versions.ts";
import type { Ports } from "../ports.ts";
import { type Answer, success } from "./answer.ts";
import type { ModuleExchange, Operate } from "./exchange.ts";

// The credentials module: what it means is told in gateway/credentials.ts, here it is read from and written to the wire.

/** GET credentials. Spec: all credentials, GET method. */
export const getCredentials: Operate = async (ports, { caller, base, route }) => {
  const { version, side } = route;
  return encode(version, await ownCredentials(ports, caller.partner, version, caller.token, { base, side }));
};

/** POST credentials: a registration. Spec: all credentials, POST method. */
export const postCredentials: Operate = (ports, exchange) => accept(ports, exchange, acceptRegistration);

/** PUT credentials: rotation, another version, another set of roles. Spec: all credentials, PUT method. */
export const putCredentials: Operate = (ports, exchange) => accept(ports, exchange, acceptUpdate);

/** DELETE credentials. Spec: all credentials, DELETE method. */
export const deleteCredentials: Operate = async (ports, { caller }) => {
  const removed = await acceptRemoval(ports, caller);
  return removed.ok ? ok(success()) : removed;
};

async function accept(
  ports: Ports,
  { route, caller, base, body }: ModuleExchange,
  handshake: typeof acceptRegistration,
): Promise<Result<Answer, Reason>> {
  const { version, side } = route;
  const codec = version.codecs.Credentials;
  const wire = codec.parse(body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const role = partnerRole(await ports.parties.list(), caller.partner, side);
  const credentials = codec.up(wire.value, role === null ? {} : { role });
  const answer = encode(version, await handshake(ports, { caller, version, side, base, credentials }));
  if (answer.ok) answer.value.findings = lint(version, "Credentials", wire.value);
  return answer;
}

function encode(version: Version, credentials: Result<Credentials, Reason>): Result<Answer, Reason> {
  if (!credentials.ok) return credentials;
  const wire = encodeCredentials(version, credentials.value);
  return wire.ok ? ok(success(wire.value)) : wire;
}
