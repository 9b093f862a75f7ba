import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import worker from "../../../src/worker.ts";
import { ports } from "./partners.ts";

const send = async (path: string, over: Partial<Env> = {}): Promise<Response> => {
  const context = createExecutionContext();
  const request = new Request(`http://gateway.test${path}`) as Parameters<typeof worker.fetch>[0];
  const response = await worker.fetch(request, { ...env, ...over }, context);
  await waitOnExecutionContext(context);
  return response;
};

test("requests go to the side their path names", async () => {
  expect((await send("/ocpi/versions")).headers.get("WWW-Authenticate")).toBe("Token");
  expect((await send("/api/v1/parties")).headers.get("Content-Type")).toBe("application/problem+json");
  expect((await send("/api/v2/anything")).status).toBe(404);
  expect((await send("/healthz")).status).toBe(200);
  expect((await send("/")).headers.get("Content-Type")).toContain("text/html");
});

test("a deployment that lacks something says what, and answers nothing else", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const answer = await send("/ocpi/versions", {
    MASTER_KEY: "",
    OPERATOR_TOKEN: "dev-operator-token",
    ENVIRONMENT: "production",
  });
  expect(answer.status).toBe(503);
  const { detail } = (await answer.json()) as { detail: string };
  expect(detail).toContain("MASTER_KEY");
  expect(detail).toContain("OPERATOR_TOKEN");
  expect(error.mock.calls.flat().join()).toContain("MASTER_KEY");
  error.mockRestore();
});

test("a bug is answered 3000 without a word about it, and logged with its stack", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const { createServer } = await import("../../../src/server/pipeline.ts");
  const broken = {
    ...ports(),
    partners: { ...ports().partners, byTokenHashes: () => Promise.reject(new Error("kaput")) },
  };
  const server = createServer({ limiter: async () => true });
  const request = new Request("http://gateway.test/ocpi/versions", {
    headers: { Authorization: "Token abc", "X-Request-ID": "bug-1" },
  });
  const answer = await server(broken, request);
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ status_code: 3000, status_message: "Internal error" });
  expect(answer.headers.get("X-Request-ID")).toBe("bug-1");
  expect(error.mock.calls.flat().join()).toMatch(/kaput.*at /s);
  error.mockRestore();
});

test("the sweep forgets what is past its time", async () => {
  const { journal, clock } = ports();
  const entry = {
    partner: null,
    direction: "in",
    module: null,
    method: "GET",
    url: "http://gateway.test/",
    http_status: 200,
    ocpi_status: 1000,
    duration_ms: 1,
    request_id: null,
    correlation_id: "sweep",
    error: null,
    losses: [],
    findings: [],
    request_body: null,
    response_body: null,
  } as const;
  journal.record({ ...entry, time: clock.now() - 15 * 86_400_000, losses: [], findings: [] });
  journal.record({ ...entry, time: clock.now(), losses: [], findings: [] });
  expect(await journal.list({ correlation_id: "sweep", limit: 10 })).toHaveLength(2);
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController(), env, context);
  await waitOnExecutionContext(context);
  expect(await journal.list({ correlation_id: "sweep", limit: 10 })).toHaveLength(1);
});
