import { describe, expect, test } from "vitest";
import type { Tariff, TariffElement } from "../../../src/model/tariffs.ts";
import { type DownContext, isRealLoss } from "../../../src/ocpi/codec.ts";
import { newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import { tariff } from "./samples.ts";

const version = (number: string): Version => versionByNumber(number) as Version;
const own: DownContext = { origin: newest.number };

function say(number: string, object: Tariff, context: DownContext = own) {
  const down = version(number).codecs.Tariff.down(object, context);
  if (down.refused) throw new Error(down.refused.reason);
  return { wire: down.wire, losses: down.losses.filter(isRealLoss) };
}

const refusal = (number: string, object: Tariff): string | undefined =>
  version(number).codecs.Tariff.down(object, own).refused?.reason;

const priced = (price: number, vat?: number): Tariff["elements"] => [
  { price_components: [{ type: "ENERGY", price, step_size: 1, ...(vat !== undefined && { vat }) }] },
];

describe("taxes", () => {
  test("a price without tax goes to 2.2.1 as it is", () => {
    const { wire, losses } = say("2.2.1", tariff());
    expect(losses).toEqual([]);
    expect(wire).not.toHaveProperty("tax_included");
  });

  test.each([
    [1.21, 21, 1],
    [0.36, 21, 0.29752066],
    [2.1, 5, 2],
    [0.1, 7.7, 0.09285051],
    [0.3, 0, 0.3],
  ])("a price of %d with %d %% included is %d without", (price, vat, net) => {
    const { wire, losses } = say("2.2.1", tariff({ tax_included: "YES", elements: priced(price, vat) }));
    expect(wire).toMatchObject({ elements: [{ price_components: [{ price: net, vat }] }] });
    expect(losses.map(({ pointer }) => pointer)).toEqual(["/elements/0/price_components/0/price", "/tax_included"]);
  });

  test("a price with an unknown tax included cannot be said, unless it is zero", () => {
    expect(refusal("2.2.1", tariff({ tax_included: "YES", elements: priced(1) }))).toMatch(/rate is not said/);
    expect(refusal("2.1.1", tariff({ tax_included: "YES", elements: priced(1) }))).toMatch(/rate is not said/);
    expect(refusal("2.2.1", tariff({ tax_included: "YES", elements: priced(0) }))).toBeUndefined();
  });

  test("taxes that come on top at an unknown rate are noted", () => {
    const { losses } = say("2.2.1", tariff({ elements: priced(1) }));
    expect(losses.map(({ pointer }) => pointer)).toEqual(["/tax_included"]);
  });

  test("no tax means no vat", () => {
    const { wire, losses } = say("2.2.1", tariff({ tax_included: "N/A", elements: priced(1, 0) }));
    expect(JSON.stringify(wire)).not.toContain("vat");
    expect(losses.map(({ pointer }) => pointer)).toEqual(["/elements/0/price_components/0/vat"]);
  });

  test("2.3.0 is told that older prices are without tax", () => {
    expect(say("2.3.0", tariff({ tax_included: undefined }), { origin: "2.2.1" }).wire).toMatchObject({
      tax_included: "NO",
    });
  });

  test("limits are said in the words of the version", () => {
    const object = tariff({ min_price: { before_taxes: 1, after_taxes: 1.21 } });
    expect(say("2.2.1", object).wire).toMatchObject({ min_price: { excl_vat: 1, incl_vat: 1.21 } });
    expect(say("2.1.1", object).losses.map(({ pointer }) => pointer)).toContain("/min_price");
  });
});

describe("restrictions", () => {
  const plain: TariffElement = { price_components: [{ type: "TIME", price: 2, step_size: 60 }] };

  test.each([
    ["2.1.1", { max_current: 32 }],
    ["2.0", { min_current: 1 }],
    ["2.1.1", { reservation: "RESERVATION" }],
    ["2.1.1", { booking: "BOOKING" }],
    ["2.2.1", { booking: "BOOKING" }],
  ] as const)("an element that %s cannot restrict by %o is dropped whole", (number, restrictions) => {
    const object = tariff({ elements: [{ ...plain, restrictions }, plain] });
    const { wire, losses } = say(number, object);
    expect((wire.elements as unknown[]).length).toBe(1);
    expect(losses.map(({ pointer }) => pointer)).toContain("/elements/0");
    expect(refusal(number, tariff({ elements: [{ ...plain, restrictions }] }))).toMatch(/elements: /);
  });

  test("validity becomes dates of each element, to the day", () => {
    const object = tariff({
      start_date_time: "2026-01-10T08:00:00Z",
      end_date_time: "2026-02-01T00:00:00Z",
      elements: [plain, { ...plain, restrictions: { start_date: "2026-01-15", end_date: "2026-03-01", min_kwh: 1 } }],
    });
    const { wire, losses } = say("2.1.1", object);
    expect(wire.elements).toMatchObject([
      { restrictions: { start_date: "2026-01-10", end_date: "2026-02-01" } },
      { restrictions: { start_date: "2026-01-15", end_date: "2026-02-01", min_kwh: 1 } },
    ]);
    expect(losses.map(({ pointer }) => pointer)).toEqual([
      "/elements/1/restrictions/end_date",
      "/start_date_time",
      "/end_date_time",
    ]);
    expect(say("2.2", object).losses.map(({ pointer }) => pointer)).toEqual(["/tax_included"]);
  });
});

test("a tariff that is valid for ever has no end_date in 2.1.1, which means just that", () => {
  for (const end_date_time of ["9999-12-31T23:59:59Z", "9999-12-31T00:00:01Z"]) {
    const { wire, losses } = say("2.1.1", tariff({ end_date_time }));
    expect(JSON.stringify(wire)).not.toContain("end_date");
    expect(losses).toEqual(say("2.1.1", tariff()).losses);
  }
  const { wire } = say("2.0", tariff({ end_date_time: "9999-12-31T00:00:00Z" }));
  expect(wire.elements).toMatchObject([{ restrictions: { end_date: "9999-12-31" } }]);
});

test("a tariff for ad hoc payment does not go to 2.0 and 2.1.1", () => {
  expect(refusal("2.1.1", tariff({ type: "AD_HOC_PAYMENT" }))).toMatch(/ad hoc/);
  expect(refusal("2.0", tariff({ type: "AD_HOC_PAYMENT" }))).toMatch(/ad hoc/);
  expect(say("2.2", tariff({ type: "AD_HOC_PAYMENT" })).wire).toMatchObject({ type: "AD_HOC_PAYMENT" });
});

describe("2.0", () => {
  const wire = {
    id: "1",
    currency: "EUR",
    elements: [{ price_components: [{ type: "energy", price: "2.00", step_size: 1 }] }],
  };
  const codec = version("2.0").codecs.Tariff;
  const owner = { country_code: "NL", party_id: "TNM" };

  test("keeps its decimals and lower case beside the model's values, and says them again", () => {
    const object = codec.up(wire, { owner });
    expect(object).toMatchObject({
      elements: [{ price_components: [{ type: "ENERGY", price: 2, "wire:price": "2.00" }] }],
    });
    expect(codec.down(object, { origin: "2.0" }).wire).toEqual(wire);
    const there = version("2.2.1").codecs.Tariff.down(object, { origin: "2.0", lastUpdated: "2026-01-01T00:00:00Z" });
    expect(there.wire?.elements).toEqual([{ price_components: [{ type: "ENERGY", price: 2, step_size: 1 }] }]);
    expect(there.losses?.filter(isRealLoss)).toEqual([]);
  });

  test("shows what was changed in the model meanwhile", () => {
    const object = codec.up(wire, { owner });
    const component = object.elements?.[0]?.price_components?.[0];
    if (component) component.price = 3;
    expect(codec.down(object, { origin: "2.0" }).wire?.elements).toEqual([
      { price_components: [{ type: "energy", price: "3", step_size: 1 }] },
    ]);
  });

  test("keeps a time with an offset beside the time in UTC", () => {
    const said = { ...wire, elements: wire.elements, x: 1 };
    expect(codec.up(said, { owner })).toMatchObject({ x: 1 });
    const evse = {
      uid: "1",
      status: "AVAILABLE",
      status_schedule: [{ period_begin: "2026-01-01T12:00:00+02:00", status: "CHARGING" }],
      connectors: [],
    };
    const object = version("2.0").codecs.EVSE.up(evse, {});
    expect(object.status_schedule?.[0]).toMatchObject({
      period_begin: "2026-01-01T10:00:00Z",
      "wire:period_begin": "2026-01-01T12:00:00+02:00",
    });
  });
});
