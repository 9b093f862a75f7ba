import { expect, test } from "vitest";
import { evseHashes, partsOf, planFor } from "../../../src/delivery/parts.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { evse, location } from "./objects.ts";

const held = (wire: JsonObject) => {
  const parts = partsOf(wire, "2.2.1");
  return {
    held: { id: parts.id, head: parts.head, lastUpdated: parts.lastUpdated },
    evses: evseHashes(parts.evses),
  };
};

const before = location("L1", 5, { evses: [evse("E1", "AVAILABLE", 5), evse("E2", "AVAILABLE", 3)] });
const evses = (...list: JsonObject[]) => list;
const many = (status: string, n: number) => Array.from({ length: 9 }, (_, k) => evse(`E${k}`, status, n));

test.each<[string, JsonObject, string]>([
  ["the same", before, "nothing"],
  ["keys in another order say the same, and are sent again", { name: "x", ...before }, "whole"],
  ["an EVSE changed", location("L1", 6, { evses: evses(evse("E1", "CHARGING", 6), evse("E2", "AVAILABLE", 3)) }), "E1"],
  [
    "both changed: the one that says the Location's time last",
    location("L1", 7, { evses: evses(evse("E1", "CHARGING", 7), evse("E2", "CHARGING", 6)) }),
    "E2,E1",
  ],
  [
    "an EVSE is new",
    location("L1", 6, {
      evses: evses(evse("E1", "AVAILABLE", 5), evse("E2", "AVAILABLE", 3), evse("E3", "AVAILABLE", 6)),
    }),
    "E3",
  ],
  ["an EVSE is not sayable any more", location("L1", 6, { evses: evses(evse("E1", "CHARGING", 6)) }), "whole"],
  [
    "the Location's time is none of the EVSEs'",
    location("L1", 9, { evses: evses(evse("E1", "CHARGING", 6), evse("E2", "AVAILABLE", 3)) }),
    "whole",
  ],
  [
    "the head changed too",
    location("L1", 6, { name: "new", evses: evses(evse("E1", "CHARGING", 6), evse("E2", "AVAILABLE", 3)) }),
    "whole",
  ],
  [
    "two EVSEs of one uid",
    location("L1", 6, {
      evses: evses(evse("E1", "CHARGING", 6), evse("E1", "BLOCKED", 6), evse("E2", "AVAILABLE", 3)),
    }),
    "whole",
  ],
])("%s", (_, now, plan) => {
  const known = held(before);
  const { send, ...rest } = planFor(known.held, known.evses, partsOf(now, "2.2.1"), true);
  const sent = "evses" in rest ? rest.evses.map(({ uid }) => uid).join() : send;
  expect(sent).toBe(plan);
});

test("not held, held in another version, or no row for EVSEs: whole", () => {
  const changed = location("L1", 6, { evses: evses(evse("E1", "CHARGING", 6), evse("E2", "AVAILABLE", 3)) });
  const known = held(before);
  expect(planFor(null, new Map(), partsOf(before, "2.2.1"), true)).toEqual({ send: "whole" });
  expect(planFor(known.held, known.evses, partsOf(before, "2.3.0"), true)).toEqual({ send: "whole" });
  expect(planFor(known.held, known.evses, partsOf(changed, "2.2.1"), false)).toEqual({ send: "whole" });
});

test("many changed EVSEs are one PUT", () => {
  const known = held(location("L1", 1, { evses: many("AVAILABLE", 1) }));
  const now = partsOf(location("L1", 2, { evses: many("CHARGING", 2) }), "2.2.1");
  expect(planFor(known.held, known.evses, now, true)).toEqual({ send: "whole" });
});

test("without last_updated (2.0) EVSEs go alone all the same", () => {
  const bare = (status: string): JsonObject => ({ id: "L1", evses: [{ uid: "E1", status }] });
  const known = held(bare("AVAILABLE"));
  expect(planFor(known.held, known.evses, partsOf(bare("CHARGING"), "2.2.1"), true)).toMatchObject({ send: "evses" });
});
