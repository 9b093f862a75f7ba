import { beforeAll, describe, expect, test } from "vitest";
import type { OcpiObject, Violation } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { valueAt } from "./translations.ts";

// Small objects that translation is likely to get wrong, own ones of the operator, as eMSPs of each version are sent them.

const world = useWorld();
const EMSP = {} as Record<Version, Connection>;
const owner = { country_code: "NL", party_id: "GWY" };
const time = { last_updated: "2025-01-01T00:00:00.250Z" };
const energy = (price: number, more: OcpiObject = {}) => ({ type: "ENERGY", price, step_size: 1, ...more });

function tariff(id: string, more: OcpiObject): OcpiObject {
  return { ...owner, id, currency: "EUR", elements: [{ price_components: [energy(0.25)] }], ...time, ...more };
}

function location(id: string, more: OcpiObject): OcpiObject {
  return {
    ...owner,
    id,
    publish: true,
    address: "Lage Dijk 9",
    city: "Delft",
    country: "NLD",
    coordinates: { latitude: "52.004210", longitude: "4.361875" },
    time_zone: "Europe/Amsterdam",
    ...time,
    ...more,
  };
}

function evse(uid: string, more: OcpiObject = {}, ...standards: string[]): OcpiObject {
  const connectors = (standards.length > 0 ? standards : ["IEC_62196_T2"]).map((standard, i) => ({
    id: String(i + 1),
    standard,
    format: "CABLE",
    power_type: "AC_3_PHASE",
    max_voltage: 230,
    max_amperage: 16,
    ...time,
  }));
  return { uid, status: "AVAILABLE", connectors, ...time, ...more };
}

const REFUSED = Symbol("not sent");
type Expected = [versions: readonly Version[], pointer: string, value: unknown];
const all = VERSIONS;
const old: readonly Version[] = ["2.0", "2.1.1"];
const modern: readonly Version[] = ["2.2", "2.2.1", "2.3.0"];
const before230: readonly Version[] = ["2.0", "2.1.1", "2.2", "2.2.1"];
const priced: readonly Version[] = ["2.2", "2.2.1"];
const newest: readonly Version[] = ["2.3.0"];

const TARIFFS: [what: string, object: OcpiObject, expected: Expected[]][] = [
  [
    "prices that include taxes",
    tariff("TAXED", {
      tax_included: "YES",
      elements: [
        { price_components: [energy(0.242, { vat: 21 }), { type: "FLAT", price: 1.21, vat: 21, step_size: 1 }] },
      ],
    }),
    [
      [newest, "/elements/0/price_components/0/price", 0.242],
      [newest, "/tax_included", "YES"],
      [["2.1.1", ...priced], "/elements/0/price_components/0/price", 0.2],
      [["2.1.1", ...priced], "/elements/0/price_components/1/price", 1],
      [["2.0"], "/elements/0/price_components/1/price", "1"],
      [priced, "/elements/0/price_components/0/vat", 21],
      [old, "/elements/0/price_components/0/vat", undefined],
    ],
  ],
  [
    "no taxes at all",
    tariff("UNTAXED", { tax_included: "N/A" }),
    [
      [newest, "/tax_included", "N/A"],
      [before230, "/tax_included", undefined],
      [["2.1.1", ...modern], "/elements/0/price_components/0/price", 0.25],
      [priced, "/elements/0/price_components/0/vat", undefined],
    ],
  ],
  [
    "a price for who pays at the spot",
    tariff("ADHOC", { type: "AD_HOC_PAYMENT" }),
    [
      [modern, "/type", "AD_HOC_PAYMENT"],
      [old, "", REFUSED],
    ],
  ],
  [
    "elements that are about reservations only",
    tariff("RESERVED", {
      elements: [{ price_components: [energy(2)], restrictions: { reservation: "RESERVATION" } }],
    }),
    [
      [modern, "/elements/0/restrictions/reservation", "RESERVATION"],
      [old, "", REFUSED],
    ],
  ],
  [
    "a highest price without taxes only",
    tariff("CAPPED", { max_price: { before_taxes: 10 } }),
    [
      [newest, "/max_price", { before_taxes: 10 }],
      [priced, "/max_price", { excl_vat: 10 }],
      [old, "/max_price", undefined],
    ],
  ],
  [
    "prices of many decimals",
    tariff("FINE", { elements: [{ price_components: [energy(0.2575), { type: "TIME", price: 0.1, step_size: 60 }] }] }),
    [
      [["2.1.1", ...modern], "/elements/0/price_components/0/price", 0.2575],
      [["2.0"], "/elements/0/price_components/0/price", "0.2575"],
      [["2.0"], "/elements/0/price_components/1/price", "0.1"],
      [["2.2", "2.2.1", "2.3.0"], "/last_updated", time.last_updated],
      [["2.1.1"], "/last_updated", "2025-01-01T00:00:00Z"],
    ],
  ],
];

const LOCATIONS: typeof TARIFFS = [
  [
    "no EVSE at all",
    location("BARE", {}),
    [
      [old, "/type", "UNKNOWN"],
      [old, "/postal_code", "-"],
      [all, "/city", "Delft"],
    ],
  ],
  [
    "plugs that older versions do not know",
    location("PLUGS", {
      evses: [
        evse("MIXED", {}, "CHAOJI", "IEC_62196_T2"),
        evse("NEW", {}, "SAE_J3400"),
        evse("OWN", {}, "OUR_OWN_PLUG"),
      ],
    }),
    [
      [newest, "/evses/2/connectors/0/standard", "OUR_OWN_PLUG"],
      [["2.2.1"], "/evses/0/connectors/0/standard", "CHAOJI"],
      [["2.0", "2.1.1", "2.2"], "/evses/0/connectors/0/standard", "IEC_62196_T2"],
      [before230, "/evses/1", undefined],
    ],
  ],
  [
    "words of its own where lists of words may grow",
    location("WORDS", {
      parking_type: "FERRY",
      facilities: ["WIFI", "SAUNA"],
      evses: [evse("E", { capabilities: ["RFID_READER", "MIND_READER"] })],
    }),
    [
      [newest, "/parking_type", "FERRY"],
      [newest, "/facilities", ["WIFI", "SAUNA"]],
      [priced, "/parking_type", undefined],
      [old, "/type", "OTHER"],
      [["2.1.1", ...priced], "/facilities", ["WIFI"]],
      [before230, "/evses/0/capabilities", ["RFID_READER"]],
    ],
  ],
  [
    "fields nobody knows",
    location("FIELDS", { "nl-gwy-note": { deep: [1] }, evses: [evse("E", { "nl-gwy-colour": "green" })] }),
    [
      [newest, "/nl-gwy-note", { deep: [1] }],
      [newest, "/evses/0/nl-gwy-colour", "green"],
      [before230, "/nl-gwy-note", undefined],
      [before230, "/evses/0/nl-gwy-colour", undefined],
    ],
  ],
  [
    "hours on some days only",
    location("HOURS", {
      opening_times: {
        twentyfourseven: false,
        regular_hours: [{ weekday: 1, period_begin: "08:00", period_end: "20:00" }],
      },
    }),
    [
      [modern, "/opening_times/twentyfourseven", false],
      [old, "/opening_times/twentyfourseven", undefined],
      [all, "/opening_times/regular_hours/0/weekday", 1],
    ],
  ],
  [
    "open all day",
    location("ALLDAY", { opening_times: { twentyfourseven: true } }),
    [[all, "/opening_times/twentyfourseven", true]],
  ],
  [
    "restrictions of parking that are new",
    location("PARKING", {
      evses: [
        evse("E", { parking_restrictions: ["TAXIS", "EMPLOYEES"] }),
        evse("F", { parking_restrictions: ["TAXIS"] }),
      ],
    }),
    [
      [newest, "/evses/0/parking_restrictions", ["TAXIS", "EMPLOYEES"]],
      [before230, "/evses/0/parking_restrictions", ["CUSTOMERS"]],
    ],
  ],
  [
    "two phases",
    location("PHASES", {
      evses: [{ ...evse("E"), connectors: [{ ...evse("E").connectors[0], power_type: "AC_2_PHASE_SPLIT" }] }],
    }),
    [
      [["2.2.1", "2.3.0"], "/evses/0/connectors/0/power_type", "AC_2_PHASE_SPLIT"],
      [["2.0", "2.1.1", "2.2"], "/evses/0/connectors/0/power_type", "AC_1_PHASE"],
    ],
  ],
  [
    "its tariffs in another order than their worth",
    location("PRICED", {
      evses: [{ ...evse("E"), connectors: [{ ...evse("E").connectors[0], tariff_ids: ["ADHOC", "FINE"] }] }],
    }),
    [
      [modern, "/evses/0/connectors/0/tariff_ids", ["ADHOC", "FINE"]],
      [old, "/evses/0/connectors/0/tariff_id", "FINE"],
    ],
  ],
];

const cases = [
  ...TARIFFS.map(([what, object, expected]) => ({ module: "tariffs" as const, what, object, expected })),
  ...LOCATIONS.map(([what, object, expected]) => ({ module: "locations" as const, what, object, expected })),
];

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/GWY", { roles: ["CPO"], business_details: { name: "Gateway" } });
  for (const [i, version] of VERSIONS.entries()) {
    EMSP[version] = await world.connect({ version, role: "EMSP", party: `DE/E${i}X` });
  }
  for (const { module, object } of [...cases, { module: "tariffs", object: tariff("LAST", {}) }]) {
    const { status, text } = await world.api("PUT", `/${module}/NL/GWY/${object.id}`, object);
    expect([object.id, status, text]).toEqual([object.id, 201, text]);
  }
  await world.api("PUT", "/locations/NL/GWY/LAST", location("LAST", {}));
  await Promise.all(
    VERSIONS.map((version) =>
      EMSP[version].partner.waitFor(
        () =>
          EMSP[version].partner.store.tariffs.get("NL/GWY/LAST") &&
          EMSP[version].partner.store.locations.get("NL/GWY/LAST"),
        10_000,
      ),
    ),
  );
});

describe.each(cases)("$module: $what", ({ module, object, expected }) => {
  for (const [versions, pointer, value] of expected) {
    test.each(versions)(`${pointer} in %s`, async (version) => {
      const { partner } = EMSP[version];
      const held = partner.store[module].get(`NL/GWY/${object.id}`);
      const listed = (await partner.pull(module)).find(({ id }) => id === object.id);
      expect(listed).toEqual(held);
      if (value === REFUSED) expect(held).toBeUndefined();
      else expect(valueAt(held, pointer)).toEqual(value);
    });
  }
});

test.each(VERSIONS)("nobody saw anything that %s forbids", (version) => {
  // Fields of our own may be sent to 2.3.0. An object that a version cannot say at all is still counted in its total.
  const isMeant = ({ rule, pointer }: Violation) =>
    (rule === "unknown" && atLeast(version, "2.3.0")) || (pointer === "header:x-total-count" && old.includes(version));
  expect(violationsOf(EMSP[version]).filter((violation) => !isMeant(violation))).toEqual([]);
});
