import { expect, test } from "vitest";
import { problemHeaders, problemOf, type Refusal } from "../../../src/operator/problem.ts";

const told: [Refusal, number][] = [
  [{ kind: "malformed", message: "is not JSON" }, 400],
  [{ kind: "bad_request", faults: [{ pointer: "/limit", message: "is too much" }] }, 400],
  [{ kind: "invalid", faults: [{ pointer: "/name", message: "is required" }] }, 422],
  [{ kind: "unauthorized" }, 401],
  [{ kind: "forbidden", message: "is no own party" }, 403],
  [{ kind: "unknown_object", message: "is not there" }, 404],
  [{ kind: "unknown_path", message: "is not there" }, 404],
  [{ kind: "method_not_allowed", allow: ["GET", "PUT"] }, 405],
  [{ kind: "conflict", message: "is taken" }, 409],
  [{ kind: "too_large", limit: 5 }, 413],
  [{ kind: "unsupported_encoding", message: "is not gzip" }, 415],
  [{ kind: "rate_limited", retryAfterSeconds: 7 }, 429],
  [{ kind: "partner_failed", step: "versions", message: "did not answer" }, 502],
  [{ kind: "unavailable", message: "is away" }, 503],
];

test.each(told)("%o is a problem", (refusal, status) => {
  const problem = problemOf(refusal);
  expect(problem).toMatchObject({
    status,
    type: expect.stringMatching(/^\/docs#problem-[a-z-]+$/),
    title: expect.any(String),
  });
  expect(problem.detail).not.toBe("");
});

test("faults are told with their pointers", () => {
  const faults = [
    { pointer: "/a", message: "is required" },
    { pointer: "/b/0", message: "must be a string" },
  ];
  expect(problemOf({ kind: "invalid", faults })).toMatchObject({
    errors: faults,
    detail: "/a is required (and 1 more)",
  });
});

test("a registration that failed says the step and what the partner answered", () => {
  const answer = { http_status: 200, status_code: 2001 };
  expect(problemOf({ kind: "partner_failed", step: "credentials", message: "refused", answer })).toMatchObject({
    status: 502,
    detail: "credentials: refused",
    step: "credentials",
    partner_answer: answer,
  });
});

test("headers that go with a refusal", () => {
  expect(problemHeaders({ kind: "unauthorized" })).toHaveProperty("WWW-Authenticate");
  expect(problemHeaders({ kind: "method_not_allowed", allow: ["GET", "PUT"] })).toEqual({ Allow: "GET, PUT" });
  expect(problemHeaders({ kind: "rate_limited", retryAfterSeconds: 7 })).toEqual({ "Retry-After": "7" });
});
