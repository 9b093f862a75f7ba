import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Kind } from "../../../src/ocpi/codec.ts";
import { codecOf, versions } from "../../../src/ocpi/versions.ts";
import { bodies } from "./arbitrary.ts";

// Properties take long when a machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const owner = { country_code: "NL", party_id: "TNM" };
const runs = Number(process.env.CODEC_RUNS ?? 60);

describe.each(versions)("$number: up, then down in the same version", (version) => {
  test.each(Object.keys(version.codecs) as Kind[])("%s is the identity on whatever parse takes", (kind) => {
    const codec = codecOf(version, kind);
    if (codec === undefined) throw new Error(kind);
    fc.assert(
      fc.property(bodies(version, kind, { wild: true }), fc.constantFrom("CPO", "EMSP", undefined), (wire, role) => {
        const before = JSON.stringify(wire);
        expect(codec.parse(wire)).toEqual({ ok: true, value: wire });
        const object = JSON.parse(JSON.stringify(codec.up(wire, { owner, role })));
        const down = codec.down(object, { origin: version.number });
        expect(down.refused).toBeUndefined();
        expect(JSON.parse(JSON.stringify(down.wire))).toEqual(wire);
        expect(JSON.stringify(wire)).toBe(before);
      }),
      { numRuns: runs },
    );
  });
});
