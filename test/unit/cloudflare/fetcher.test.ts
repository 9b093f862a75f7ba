import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { fetcher } from "../../../src/cloudflare/fetcher.ts";
import type { OutboundRequest } from "../../../src/ports/world.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let handler: Handler = (_, response) => response.end();
const server = createServer((request, response) => handler(request, response));
let base = "";
let host = "";

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  base = `http://${host}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => vi.restoreAllMocks());

const open = fetcher({ allowPrivateNetwork: true, publicUrl: null });
const send = (over: Partial<OutboundRequest> = {}) =>
  open.fetch({
    method: "GET",
    url: `${base}/x`,
    headers: {},
    timeoutMs: 5000,
    maxBytes: 1000,
    allowHosts: [host],
    ...over,
  });

test("an answer is read whatever its status", async () => {
  handler = (request, response) =>
    response.writeHead(500, { "x-seen": request.headers.authorization ?? "" }).end("\ufeffno\u00e9");
  const outcome = await send({ headers: { Authorization: "Token abc" } });
  expect(outcome).toMatchObject({ kind: "answer", status: 500, body: "no\u00e9", url: `${base}/x` });
  expect(outcome.kind === "answer" && outcome.headers.get("x-seen")).toBe("Token abc");
});

test("a body is sent as it is", async () => {
  handler = (request, response) => void request.pipe(response);
  expect(await send({ method: "PUT", body: '{"a":1}' })).toMatchObject({ kind: "answer", body: '{"a":1}' });
});

test("redirects of GET within the origin are followed, three of them", async () => {
  let hops = 3;
  handler = (_, response) =>
    hops-- > 0 ? response.writeHead(302, { location: `/hop${hops}` }).end() : response.end("there");
  expect(await send()).toMatchObject({ kind: "answer", body: "there", url: `${base}/hop0` });
  hops = 4;
  expect(await send()).toMatchObject({ kind: "redirect" });
});

test("any other redirect is an outcome, and nothing is sent there", async () => {
  const paths: string[] = [];
  let location = "/elsewhere";
  handler = (request, response) => {
    paths.push(`${request.method} ${request.url}`);
    response.writeHead(307, { location }).end();
  };
  expect(await send({ method: "POST", body: "{}" })).toMatchObject({ kind: "redirect" });
  location = `http://localhost:${host.split(":")[1]}/x`;
  expect(await send({ allowHosts: [host, host.replace("127.0.0.1", "localhost")] })).toMatchObject({
    kind: "redirect",
  });
  location = "http://[bad/";
  expect(await send()).toMatchObject({ kind: "redirect" });
  expect(paths).toEqual(["POST /x", "GET /x", "GET /x"]);
});

test("a host that is not the partner's, and a URL that may not be called, are refused without a connection", async () => {
  const spy = vi.spyOn(globalThis, "fetch");
  expect(await send({ allowHosts: ["other.example.com"] })).toMatchObject({ kind: "refused" });
  const strict = fetcher({ allowPrivateNetwork: false, publicUrl: "https://gw.example.com" });
  for (const url of [`${base}/x`, "https://127.0.0.1/", "https://gw.example.com/ocpi", "nonsense"]) {
    const outcome = await strict.fetch({
      method: "GET",
      url,
      headers: {},
      timeoutMs: 1000,
      maxBytes: 10,
      allowHosts: [host, "gw.example.com"],
    });
    expect(outcome, url).toMatchObject({ kind: "refused" });
  }
  expect(spy).not.toHaveBeenCalled();
});

test("a body is cut off at the limit, counted after inflation", async () => {
  handler = (_, response) => response.end("x".repeat(1001));
  expect(await send()).toMatchObject({ kind: "too_large" });
  handler = (_, response) => response.end("x".repeat(1000));
  expect(await send()).toMatchObject({ kind: "answer" });
  const bomb = gzipSync("x".repeat(1_000_000));
  handler = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
  expect(await send({ maxBytes: bomb.length + 1000 })).toMatchObject({ kind: "too_large" });
});

test("no answer in time is a timeout, also in the middle of a body", async () => {
  handler = () => undefined;
  expect(await send({ timeoutMs: 50 })).toMatchObject({ kind: "timeout" });
  handler = (_, response) => void response.writeHead(200, { "content-length": "100" }).write("half");
  expect(await send({ timeoutMs: 50 })).toMatchObject({ kind: "timeout" });
});

test("a connection that is refused or cut is a network outcome", async () => {
  handler = (request) => request.socket.destroy();
  expect(await send()).toMatchObject({ kind: "network" });
  expect(await send({ url: "http://127.0.0.1:1/", allowHosts: ["127.0.0.1:1"] })).toMatchObject({ kind: "network" });
});
