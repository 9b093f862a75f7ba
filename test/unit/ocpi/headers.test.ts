import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMessageIds, readRouting, routingHeaders, sameParty, swapRouting } from "../../../src/ocpi/headers.ts";

describe("message ids", () => {
  const uuid = () => "generated";

  test("are repeated as they came", () => {
    const headers = new Headers({ "x-request-id": "R-1", "X-CORRELATION-ID": "C/1" });
    expect(readMessageIds(headers, uuid)).toEqual({ requestId: "R-1", correlationId: "C/1" });
  });

  test.each(["", "a b", "é", "x".repeat(129)])("%j is not repeated but replaced", (id) => {
    const headers = new Headers();
    if (id !== "é") headers.set("X-Request-ID", id);
    expect(readMessageIds(headers, uuid)).toEqual({ requestId: "generated", correlationId: "generated" });
  });
});

describe("routing headers", () => {
  const all = {
    "OCPI-to-country-code": "nl",
    "OCPI-to-party-id": "tnm",
    "OCPI-from-country-code": "DE",
    "OCPI-from-party-id": "MSA",
  };

  test("name parties without regard to case", () => {
    expect(readRouting(new Headers(all))).toEqual({
      ok: true,
      value: { to: { country_code: "NL", party_id: "TNM" }, from: { country_code: "DE", party_id: "MSA" } },
    });
    expect(sameParty({ country_code: "nl", party_id: "Tnm" }, { country_code: "NL", party_id: "TNM" })).toBe(true);
  });

  test("may be absent: open routing", () => {
    expect(readRouting(new Headers())).toEqual({ ok: true, value: { to: null, from: null } });
  });

  test.each([
    [{ ...all, "OCPI-to-party-id": "" }, "OCPI-to-party-id"],
    [{ ...all, "OCPI-to-country-code": "" }, "OCPI-to-country-code"],
    [{ "OCPI-to-party-id": "TNM" }, "OCPI-to-country-code"],
    [{ ...all, "OCPI-from-party-id": "TOOLONG" }, "OCPI-from-party-id"],
    [{ ...all, "OCPI-from-country-code": "N" }, "OCPI-from-country-code"],
  ])("%j is a fault", (headers, pointer) => {
    const read = readRouting(new Headers(headers));
    expect(read.ok ? [] : read.error.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  const party = fc.record({
    country_code: fc.stringMatching(/^[A-Z]{2}$/),
    party_id: fc.stringMatching(/^[A-Z0-9]{3}$/),
  });

  test("come back swapped, and read back as they were said", () => {
    fc.assert(
      fc.property(fc.record({ to: fc.option(party), from: fc.option(party) }), (routing) => {
        const read = readRouting(new Headers(routingHeaders(swapRouting(routing))));
        expect(read).toEqual({ ok: true, value: { to: routing.from, from: routing.to } });
      }),
    );
  });
});
