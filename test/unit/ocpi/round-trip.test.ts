import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { Kind } from "../../../src/ocpi/codec.ts";
import { classShape } from "../../../src/ocpi/shape.ts";
import { codecOf, versions } from "../../../src/ocpi/versions.ts";
import { commonBodies, missing } from "./common.ts";
import { owner, referencesFor } from "./references.ts";

// Properties take long when a machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const runs = Number(process.env.CODEC_RUNS ?? 25);
const pairs = versions.flatMap((a) =>
  versions.filter((b) => b !== a).map((b) => ({ a, b, name: `${a.number}, ${b.number}, ${a.number}` })),
);

describe.each(pairs)("$name", ({ a, b }) => {
  const kinds = (Object.keys(a.codecs) as Kind[]).filter((kind) => codecOf(b, kind) !== undefined);

  test.each(kinds)("%s keeps what both can say", (kind) => {
    const first = codecOf(a, kind);
    const second = codecOf(b, kind);
    if (first === undefined || second === undefined) throw new Error(kind);
    const shapes = [classShape(first.schema), classShape(second.schema)] as const;
    fc.assert(
      fc.property(commonBodies(a, b, kind), (said) => {
        expect(first.parse(said)).toEqual({ ok: true, value: said });
        const references = referencesFor(a, said);
        const there = second.down(first.up(said, { owner, role: "CPO" }) as never, {
          origin: a.number,
          lastUpdated: "2026-01-01T00:00:00Z",
          references,
        });
        expect(there.refused).toBeUndefined();
        const parsed = second.parse(JSON.parse(JSON.stringify(there.wire)));
        expect(parsed.ok, JSON.stringify(parsed)).toBe(true);
        const back = first.down(second.up(there.wire as JsonObject, { owner, role: "CPO" }) as never, {
          origin: b.number,
          lastUpdated: "2026-01-01T00:00:00Z",
          references,
        });
        expect(back.refused).toBeUndefined();
        const gone = missing(shapes[0], shapes[1], said, back.wire);
        // What an EVSE did when a CDR was made is not said again: the CDR must be the same at every time.
        expect(gone.filter((one) => kind !== "CDR" || !/^\/location\/evses\/0\/status:/.test(one))).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});
