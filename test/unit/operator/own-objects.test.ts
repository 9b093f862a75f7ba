import { expect, test } from "vitest";
import { readOwn } from "../../../src/operator/own-objects.ts";

const said = { country_code: "NL", party_id: "TNM", id: "L1" };
const location = {
  publish: true,
  address: "Street 1",
  city: "Utrecht",
  country: "NLD",
  coordinates: { latitude: "52.09072", longitude: "5.12142" },
  time_zone: "Europe/Amsterdam",
};
const tariff = { currency: "EUR", elements: [{ price_components: [{ type: "ENERGY", price: 0.3, step_size: 1 }] }] };

const faultsOf = (result: ReturnType<typeof readOwn>) => (result.ok ? [] : result.error.map(({ pointer }) => pointer));

test("what the URL says is filled in, and last_updated stays absent", () => {
  const read = readOwn("Location", location, said);
  expect(read).toEqual({ ok: true, value: { ...said, ...location } });
});

test("what the newest version requires is required", () => {
  const { city: _, ...rest } = location;
  expect(faultsOf(readOwn("Location", rest, said))).toEqual(["/city"]);
  expect(faultsOf(readOwn("Location", location, {}))).toEqual(
    expect.arrayContaining(["/country_code", "/party_id", "/id"]),
  );
});

test("times within a Location need not be given, the rest of a part must", () => {
  const connector = {
    id: "1",
    standard: "IEC_62196_T2",
    format: "SOCKET",
    power_type: "AC_3_PHASE",
    max_voltage: 230,
    max_amperage: 32,
  };
  const evse = { uid: "1", status: "AVAILABLE", connectors: [connector] };
  expect(readOwn("Location", { ...location, evses: [evse] }, said).ok).toBe(true);
  const { format: _, ...broken } = connector;
  expect(faultsOf(readOwn("Location", { ...location, evses: [{ ...evse, connectors: [broken] }] }, said))).toEqual([
    "/evses/0/connectors/0/format",
  ]);
});

test.each([
  ["/id", { id: "L2" }],
  ["/country_code", { country_code: "DE" }],
  ["/party_id", { party_id: 5 }],
])("%s unlike the URL is a fault", (pointer, more) => {
  expect(faultsOf(readOwn("Location", { ...location, ...more }, said))).toContain(pointer);
});

test("ids are compared without case, and kept as written", () => {
  const read = readOwn("Location", { ...location, id: "l1", country_code: "nl" }, said);
  expect(read).toMatchObject({ ok: true, value: { id: "l1", country_code: "NL" } });
});

test("a time that is none is a fault, at every depth", () => {
  expect(faultsOf(readOwn("Location", { ...location, last_updated: "yesterday" }, said))).toEqual(["/last_updated"]);
  const evses = [{ uid: "1", status: "AVAILABLE", last_updated: "soon", connectors: [] }];
  expect(faultsOf(readOwn("Location", { ...location, evses }, said))).toContain("/evses/0/last_updated");
});

test("fields of older versions pass, members the gateway keeps for itself do not", () => {
  expect(readOwn("Location", { ...location, parking_type: "OTHER", my_field: 1 }, said)).toMatchObject({
    ok: true,
    value: { parking_type: "OTHER", my_field: 1 },
  });
  expect(faultsOf(readOwn("Location", { ...location, "wire:id": "x" }, said))).toEqual(["/wire:id"]);
});

test("prices as in 2.2.1 are taken, and a tariff includes no tax unless it says so", () => {
  const min_price = { excl_vat: 1, incl_vat: 1.21 };
  const read = readOwn("Tariff", { ...tariff, min_price }, { ...said, id: "T1" });
  expect(read).toMatchObject({
    ok: true,
    value: { tax_included: "NO", min_price: { before_taxes: 1, after_taxes: 1.21 } },
  });
  expect(read.ok && read.value.min_price).not.toHaveProperty("excl_vat");
  expect(readOwn("Tariff", { ...tariff, tax_included: "YES" }, { ...said, id: "T1" })).toMatchObject({
    value: { tax_included: "YES" },
  });
});

test("something that is no object is a fault of the whole", () => {
  for (const body of [null, 1, "x", []]) expect(faultsOf(readOwn("Location", body, said))).toEqual([""]);
});
