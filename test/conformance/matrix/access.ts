import { expect, test } from "vitest";
import type { Answer, Headers } from "../../sandbox/types.ts";
import type { Side, Version } from "../../sandbox/versions.ts";
import { bearing, headersOf, sendRaw, urlOf } from "../../support/ocpi.ts";
import { type Endpoint, foreignMethods } from "./rows.ts";
import type { Stage } from "./stage.ts";

/** An answer in brief: HTTP status and OCPI status code. */
export function brief({ http, status_code }: Answer): string {
  return `${http} ${status_code}`;
}

/** An envelope stands in every answer, whatever its HTTP status; outside 1xxx nothing is told but why. */
export function expectRefusal(answer: Answer, http: number, code?: number): void {
  expect(answer.http, answer.raw).toBe(http);
  expect(answer.headers["content-type"]).toMatch(/^application\/json/);
  expect(answer.status_code, answer.raw).toBe(code ?? answer.status_code);
  expect(answer.status_code).toBeGreaterThanOrEqual(2000);
  expect(JSON.parse(answer.raw)).toMatchObject({
    status_code: expect.any(Number),
    status_message: expect.stringMatching(/./),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
  });
  expect(answer.data).toBeUndefined();
}

/**
 * What holds for every row of a functional module, whatever it does: who may ask, with which methods, under which
 * spelling of the path.
 * @param ids gives segments of a path that exists, fresh ones each time
 */
export function accessCases(stage: Stage, version: Version, row: Endpoint, ids: () => Promise<string[]>): void {
  const side = row.role as Side;
  const body = row.request === "none" ? undefined : "{}";
  const json: Headers = body === undefined ? {} : { "content-type": "application/json" };
  let known: Promise<string[]> | undefined;
  const place = async () => {
    if (known === undefined || row.method === "DELETE") known = ids();
    return urlOf(stage.asker(version, row), row.module, side, await known);
  };

  test("no token, an unknown one and token A: 401, and the same text", async () => {
    const url = await place();
    const { token } = stage.of(version).invited;
    const attempts = [{}, bearing(version, "nobody-knows-this-token"), bearing(version, token)];
    const answers = [];
    for (const headers of attempts) {
      const answer = await sendRaw(url, { method: row.method, headers: { ...headers, ...json }, body });
      expectRefusal(answer, 401);
      expect(answer.headers["www-authenticate"]).toBe("Token");
      answers.push(answer.raw.replace(/"timestamp":"[^"]*"/, ""));
    }
    expect(new Set(answers).size).toBe(1);
  });

  test("another method: 405 with Allow", async () => {
    const connection = stage.asker(version, row);
    const url = await place();
    for (const method of foreignMethods(version, row)) {
      const answer = await sendRaw(url, { method, headers: { ...headersOf(connection), ...json }, body });
      expectRefusal(answer, 405);
      expect(answer.headers.allow?.split(", ")).toContain(row.method);
      expect(answer.headers.allow?.split(", ")).not.toContain(method);
    }
  });

  test("one slash may end the path", async () => {
    const ask = (target: string) =>
      sendRaw(target, { method: row.method, headers: { ...headersOf(stage.asker(version, row)), ...json }, body });
    expectRefusal(await ask(`${await place()}//`), 404);
    expect(brief(await ask(`${await place()}/`))).toBe(brief(await ask(await place())));
  });
}
