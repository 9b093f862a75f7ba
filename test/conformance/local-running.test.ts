import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { version } from "../../package.json";
import { freePort } from "../../src/local/gateway.ts";
import { rows, startGatewayProcess, useGateway } from "../support/gateway.ts";

describe("a gateway on this machine", () => {
  const gateway = useGateway();

  test("GET /healthz answers the package version", async () => {
    const response = await fetch(`${gateway.url}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok", version });
  });

  test("an unknown path answers a problem", async () => {
    const response = await fetch(`${gateway.url}/nowhere`);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ type: expect.any(String), title: "Not Found", status: 404 });
  });

  test("the console is served from the static files", async () => {
    const response = await fetch(`${gateway.url}/`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/html");
    await response.text();
  });

  test("its D1 database is the one that was migrated", async () => {
    const names = (await rows(gateway, "SELECT name FROM d1_migrations ORDER BY id")).map(({ name }) => name);
    const files = readdirSync(join(import.meta.dirname, "../../migrations")).filter((file) => file.endsWith(".sql"));
    expect(names).toEqual(files.sort());
  });
});

test("after SIGKILL a gateway starts again at once, on the same port and state", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "ocpi-gateway-"));
  const port = await freePort();
  try {
    await (await startGatewayProcess({ port, stateDir })).end("SIGKILL");
    const again = await startGatewayProcess({ port, stateDir });
    await expect(startGatewayProcess({ port: await freePort(), stateDir })).rejects.toThrow("Another gateway");
    await again.end("SIGTERM");
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
