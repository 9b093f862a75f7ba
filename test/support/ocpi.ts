import { randomUUID } from "node:crypto";
import http from "node:http";
import { afterAll } from "vitest";
import { encodeToken } from "../sandbox/headers.ts";
import { type Partner, startPartner } from "../sandbox/partner.ts";
import { endpointOf } from "../sandbox/send.ts";
import type { Answer, Headers, PartnerOptions, PartyRole, Violation } from "../sandbox/types.ts";
import { atLeast, type RoleName, type Side, type Version } from "../sandbox/versions.ts";
import { flatHeaders, readEnvelope } from "../sandbox/wire.ts";
import { type TestGateway, useGateway } from "./gateway.ts";
import { ask, type Reply } from "./openapi.ts";

/** A sandbox partner that is registered with the gateway. */
export interface Connection {
  /** Its id at the operator API. */
  id: string;
  partner: Partner;
  version: Version;
  /** Its first party. */
  party: PartyRole;
  role: RoleName;
}

/** A gateway whose operator API is called through its own OpenAPI document, and the partners that it knows. */
export type World = TestGateway & {
  /** Calls the operator API; fails when the answer is not what the OpenAPI document promises. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Invites a partner and starts one that registers; closed with the gateway. */
  connect(options: ConnectOptions): Promise<Connection>;
  /** A partner that runs but has not registered, and the token A and versions URL it may do so with. */
  invite(options: ConnectOptions): Promise<Invitation>;
  connections: Connection[];
};

/** A partner that may register. */
export interface Invitation extends Connection {
  token: string;
  versionsUrl: string;
}

/** The partner to connect: `party` as `NL/TNM`; `settings` and `allow` are those of the operator API. */
export interface ConnectOptions extends Omit<PartnerOptions, "roles"> {
  role: RoleName;
  party: string;
  /** Further parties, or all of them when `party` should not be the only one. */
  roles?: readonly PartyRole[];
  settings?: Record<string, unknown>;
  allow?: Record<string, unknown>;
}

/** Starts a gateway before the tests of this file and stops it, and every partner connected to it, after them. */
export function useWorld(options: Parameters<typeof useGateway>[0] = {}): World {
  const world = useGateway(options) as World;
  world.connections = [];
  world.api = (method, path, body, headers) => ask(world, method, path, body, headers);
  world.invite = (wanted) => invite(world, wanted);
  world.connect = async (wanted) => {
    const { token, versionsUrl, ...connection } = await invite(world, wanted);
    await connection.partner.register(versionsUrl, token);
    return connection;
  };
  closePartners(world.connections);
  return world;
}

async function invite(world: World, wanted: ConnectOptions): Promise<Invitation> {
  const { role, party: name, roles, settings, allow, ...options } = wanted;
  const [country_code = "", party_id = ""] = name.split("/");
  const party = { role, country_code, party_id };
  const { status, json } = await world.api("POST", "/partners", { name, role, settings, allow });
  if (status !== 201) throw new Error(`no invitation for ${name}: ${status} ${JSON.stringify(json)}`);
  const partner = await startPartner({ ...options, roles: roles ?? [party] });
  const connection = { id: String(json.id), partner, version: wanted.version, party, role };
  world.connections.push(connection);
  return { ...connection, token: String(json.token), versionsUrl: String(json.versions_url) };
}

/** Hooks run in the reverse order of their writing, so partners close before their gateway does. */
function closePartners(connections: Connection[]): void {
  afterAll(async () => {
    await Promise.all(connections.map(({ partner }) => partner.close()));
  });
}

const agent = new http.Agent({ keepAlive: true });

/** A request as bytes: what stands in the URL is sent as it stands, nothing is added but Host and Content-Length. */
export function sendRaw(
  url: string,
  options: { method?: string; headers?: Headers; body?: string | Uint8Array; chunked?: boolean } = {},
): Promise<Answer> {
  const { host, hostname, port } = new URL(url);
  const path = url.slice(url.indexOf(host) + host.length) || "/";
  const { method = "GET", headers = {}, body, chunked = false } = options;
  const sized = body === undefined || chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { hostname, port, path, method, headers: { ...headers, ...sized }, agent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve(readEnvelope(response.statusCode ?? 0, flatHeaders(response.headers), text));
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/**
 * What a partner holds against the gateway. Letters beyond ASCII are not held against it: 2.0 and 2.1.1 are sent them on
 * purpose (src/DECISIONS.md).
 */
export function violationsOf({ partner, version }: Connection): Violation[] {
  return partner.violations.filter(({ rule }) => rule !== "charset" || atLeast(version, "2.2"));
}

/** The headers a partner of this version sends; `token` replaces the one of the connection. */
export function headersOf({ partner, version }: Connection, token?: string): Headers {
  return bearing(version, token ?? partner.peer?.tokenOut ?? "");
}

/** The headers somebody with this token sends in this version. */
export function bearing(version: Version, token: string): Headers {
  const isModern = atLeast(version, "2.2");
  const headers = { authorization: `Token ${encodeToken(token, isModern ? "base64" : "raw")}` };
  return isModern ? { ...headers, "x-request-id": randomUUID(), "x-correlation-id": randomUUID() } : headers;
}

/** The URL of a module as the gateway's version details named it to this partner, with segments encoded behind it. */
export function urlOf({ partner }: Connection, module: string, side: Side, segments: readonly string[] = []): string {
  if (!partner.peer) throw new Error("this partner is not registered");
  return [endpointOf(partner.peer, module, side), ...segments.map(encodeURIComponent)].join("/");
}
