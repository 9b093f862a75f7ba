import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { resolvePointer } from "../../../src/lib/pointer.ts";
import { BESIDE } from "../../../src/model/beside.ts";
import type { DownContext, Kind, Loss } from "../../../src/ocpi/codec.ts";
import { lint } from "../../../src/ocpi/lint.ts";
import { codecOf, type Version, versions } from "../../../src/ocpi/versions.ts";
import { bodies } from "./arbitrary.ts";
import { another, leafAt, leaves, withValue } from "./leaves.ts";
import { owner, referencesFor } from "./references.ts";

// Properties take long when a machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const runs = Number(process.env.CODEC_RUNS ?? 10);

const covered = (losses: readonly Loss[], pointer: string): boolean =>
  losses.some((loss) => pointer === loss.pointer || pointer.startsWith(`${loss.pointer}/`));

/** Whether a loss is of what the model has no place for: made up, or said only in the version it came in. */
const isNowhere = ({ pointer, reason }: Loss): boolean =>
  /required in .* and not known/.test(reason) || pointer === "/location" || pointer === "/total_usage";

const pairs = versions.flatMap((from) => versions.map((to) => ({ from, to, name: `${from.number} to ${to.number}` })));

function kindsOf(from: Version, to: Version): Kind[] {
  return (Object.keys(from.codecs) as Kind[]).filter((kind) => codecOf(to, kind) !== undefined);
}

describe.each(pairs)("$name", ({ from, to }) => {
  const relay = from === to;
  const context: DownContext = {
    origin: from.number,
    lastUpdated: "2026-01-01T00:00:00Z",
    now: 1_700_000_000_000,
  };

  test.each(kindsOf(from, to))("%s: what is not said is listed, and what is said is right", (kind) => {
    const up = codecOf(from, kind);
    const codec = codecOf(to, kind);
    if (up === undefined || codec === undefined) throw new Error(kind);
    fc.assert(
      fc.property(
        fc.oneof(bodies(from, kind, { wild: true }), bodies(from, kind, { wild: false })),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (wire, dice) => {
          const object = up.up(wire, { owner, role: "CPO" }) as JsonObject;
          const references = referencesFor(from, wire);
          const say = (said: JsonObject) => codec.down(said as never, { ...context, references });
          const down = say(object);
          if (down.refused !== undefined) {
            expect(down.refused.reason).not.toBe("");
            return;
          }
          for (const loss of down.losses) {
            const place = isNowhere(loss) ? loss.pointer.slice(0, loss.pointer.lastIndexOf("/")) : loss.pointer;
            expect(resolvePointer(object, place), loss.pointer).toBeDefined();
            expect(loss.reason).not.toBe("");
          }
          const text = JSON.stringify(down.wire);
          expect(codec.parse(JSON.parse(text)).ok, text).toBe(true);
          if (!relay) {
            const { unknownFields, openEnums } = to.dialect;
            const findings = lint(to, kind, down.wire).filter(
              ({ rule }) =>
                rule !== "consistency" && !(unknownFields && rule === "field") && !(openEnums && rule === "enum"),
            );
            expect(findings).toEqual([]);
          }
          const places = leaves(object).filter(({ pointer }) => !(relay && pointer.includes(BESIDE)));
          for (const { pointer, value } of places) {
            if (covered(down.losses, pointer)) continue;
            if (places.length > 12 && (dice.next().value ?? 0) > 12 / places.length) continue;
            const changed = withValue(object, pointer, another(value, leafAt(kind, pointer)));
            const after = say(changed);
            if (after.refused !== undefined || covered(after.losses, pointer)) continue;
            expect(JSON.stringify(after.wire), `${pointer} does not show`).not.toBe(text);
          }
        },
      ),
      { numRuns: runs },
    );
  });
});
