import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { isRealLoss } from "../../../src/ocpi/codec.ts";
import { newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import { cdr } from "./live-samples.ts";
import { token } from "./samples.ts";

// What a CDR of 2.0 comes to, which later versions want to know.

const version = (number: string): Version => versionByNumber(number) as Version;
const owner = { country_code: "NL", party_id: "TNM" };
const codec = version("2.0").codecs.CDR;
const later = ["2.1.1", "2.2", "2.2.1", "2.3.0"];

const whole = codec.down(cdr(), { origin: newest.number }).wire as JsonObject;
const start_date_time = "2026-03-01T09:00:00Z";
const energyOnly = [{ start_date_time, dimensions: [{ type: "ENERGY", volume: "4" }] }];

/** A CDR of 2.0 with other fields, as the model has it. */
function read(change: JsonObject) {
  const wire = JSON.parse(JSON.stringify({ ...whole, charging_periods: energyOnly, ...change })) as JsonObject;
  const parsed = codec.parse(wire);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const object = codec.up(parsed.value, { owner, token: token() });
  expect(codec.down(object, { origin: "2.0" }).wire).toEqual(wire);
  return object;
}

function say(number: string, change: JsonObject) {
  const context = { origin: "2.0", lastUpdated: "2026-03-01T12:00:00Z" };
  const down = version(number).codecs.CDR.down(read(change), context);
  const losses = (down.losses ?? []).filter(isRealLoss);
  return { wire: down.wire, reason: down.refused?.reason, losses, lost: losses.map(({ pointer }) => pointer) };
}

describe.each(later)("a CDR of 2.0 towards %s", (number) => {
  const end = number === "2.1.1" ? "stop_date_time" : "end_date_time";

  test("that lasts beyond all years has no end to say, and breaks nothing", () => {
    const { reason } = say(number, {
      stop_date_time: undefined,
      total_usage: [{ type: "TIME", volume: "9999999999" }],
    });
    expect(reason).toContain(end);
  });

  test("that does not say its time has that from start to end", () => {
    const { wire, lost } = say(number, {
      stop_date_time: "2026-03-01T10:30:00Z",
      total_usage: [{ type: "ENERGY", volume: "4" }],
    });
    expect(wire).toMatchObject({ total_energy: 4, total_time: 1.5 });
    expect(lost).not.toContain("/total_time");
  });

  test("that says the time parked alone has that from start to end as well", () => {
    const parking = [{ type: "PARKING_TIME", volume: "0.5" }];
    const { wire, lost } = say(number, { stop_date_time: "2026-03-01T10:30:00Z", total_usage: parking });
    expect(wire).toMatchObject({ total_time: 1.5, total_parking_time: 0.5 });
    expect(lost).not.toContain("/total_time");
  });

  test("of which nobody knows how long it was, or how much, has 0 and says so", () => {
    const { wire, losses } = say(number, {
      stop_date_time: undefined,
      total_usage: [],
      charging_periods: [{ start_date_time, dimensions: [{ type: "MAX_CURRENT", volume: "4" }] }],
    });
    expect(wire).toMatchObject({ total_time: 0, total_energy: 0, [end]: start_date_time });
    const reason = `is required in ${number} and not known: says 0`;
    expect(losses).toContainEqual({ pointer: "/total_time", reason });
    expect(losses).toContainEqual({ pointer: "/total_energy", reason });
  });

  test("has the sum of what it says of one type, and a loss for what is none of the totals", () => {
    const sums = [
      { type: "ENERGY", volume: "0.1" },
      { type: "ENERGY", volume: "0.2" },
      { type: "TIME", volume: "1" },
      { type: "TIME", volume: "0.5" },
    ];
    const { wire, lost } = say(number, { total_usage: sums });
    expect(wire).toMatchObject({ total_energy: 0.3, total_time: 1.5 });
    expect(lost).not.toContain("/total_usage");
    const { losses } = say(number, { total_usage: [...sums, { type: "FLAT", volume: "1" }] });
    expect(losses).toContainEqual({ pointer: "/total_usage", reason: `${number} has no total of FLAT` });
  });
});
