import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { version } from "../../package.json";

test("GET /healthz answers the package version", async () => {
  const response = await exports.default.fetch("http://gateway.test/healthz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok", version });
});

test("a partner's Durable Object can be reached", async () => {
  expect(JSON.parse(await env.PARTNER.getByName("p1").health())).toMatchObject({ state: "IDLE", pending: 0 });
});
