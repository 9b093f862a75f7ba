import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { compose } from "../../../src/cloudflare/compose.ts";
import type { NewPartner, Partner, PartnerRole } from "../../../src/ports/partners.ts";
import type { Ports } from "../../../src/ports.ts";

/** The gateway as seen from outside. */
export const gateway = "http://gateway.test";

/** Ports as a request has them. */
export function ports(): Ports {
  const context = createExecutionContext();
  return compose(env, (work) => context.waitUntil(work));
}

/** A partner that registered, with the token it presents. */
export interface Connected {
  partner: Partner;
  token: string;
  version: string;
}

const settings = { token_encoding: "auto", push: false, retry: false, initial: "none" } as const;

/** A partner as the operator creates it. */
export function newPartner(name: string): NewPartner {
  return { id: crypto.randomUUID(), name, side: null, allow: {}, settings };
}

/** Registers a partner by the store, as a handshake would leave it. */
export async function connect(version: string, ...roles: PartnerRole[]): Promise<Connected> {
  const { partners, secrets, ids } = ports();
  const created = await partners.create(newPartner(roles.map(({ party_id }) => party_id).join()), null, null);
  const token = ids.token();
  const role = roles[0]?.role;
  const done = await partners.register({
    partner: created.id,
    epoch: created.epoch,
    version,
    versions_url: "https://partner.example/versions",
    side: role === "CPO" || role === "EMSP" ? role : null,
    roles,
    endpoints: [],
    token_encoding: "raw",
    outbound_token: await secrets.seal("their-token", created.id),
    inbound_hash: await secrets.hash(token),
  });
  if (!done.ok) throw new Error(done.detail);
  const partner = await partners.get(created.id);
  if (partner === null) throw new Error("The partner is gone");
  return { partner, token, version };
}

/** What an answer says. */
export interface Said {
  http: number;
  headers: Headers;
  text: string;
  body: { data?: unknown; status_code: number; status_message?: string; timestamp: string };
}

/** A request to the gateway; `body` is sent as JSON, or as it stands when it is text. */
export async function ask(
  method: string,
  path: string,
  options: {
    token?: string | undefined;
    authorization?: string;
    body?: unknown;
    headers?: Record<string, string>;
  } = {},
): Promise<Said> {
  const { token, body } = options;
  const authorization = options.authorization ?? (token === undefined ? undefined : `Token ${token}`);
  const response = await exports.default.fetch(path.startsWith("http") ? path : gateway + path, {
    method,
    headers: { ...(authorization === undefined ? {} : { Authorization: authorization }), ...options.headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { http: response.status, headers: response.headers, text, body: text === "" ? {} : JSON.parse(text) };
}
