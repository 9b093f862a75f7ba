import { CDR } from "../../model/cdrs.ts";
import { Connector, EVSE, Location } from "../../model/locations.ts";
import { Session } from "../../model/sessions.ts";
import { Tariff } from "../../model/tariffs.ts";
import { Token } from "../../model/tokens.ts";
import { newest } from "../../ocpi/versions.ts";
import type { Target } from "../../ports/objects.ts";
import type { OwnKind, Said } from "../own-objects.ts";
import type { Schema } from "../table.ts";

/** A module whose objects the operator reads and writes, as data: rows are made of it. */
export interface ObjectKind {
  module: "locations" | "tariffs" | "tokens" | "sessions" | "cdrs";
  kind: OwnKind;
  schema: Schema;
  /** Name of the last path parameter, which is the object's own name for its id. */
  idParam: "id" | "uid";
  /** OCPI has a DELETE for it. */
  deletable: boolean;
  example: unknown;
}

const location = {
  publish: true,
  name: "Example Street",
  address: "Example Street 1",
  city: "Utrecht",
  country: "NLD",
  coordinates: { latitude: "52.09072", longitude: "5.12142" },
  time_zone: "Europe/Amsterdam",
  evses: [
    {
      uid: "1",
      evse_id: "NL*TNM*E1",
      status: "AVAILABLE",
      connectors: [
        {
          id: "1",
          standard: "IEC_62196_T2",
          format: "SOCKET",
          power_type: "AC_3_PHASE",
          max_voltage: 230,
          max_amperage: 32,
        },
      ],
    },
  ],
};

const tariff = {
  currency: "EUR",
  elements: [{ price_components: [{ type: "ENERGY", price: 0.35, vat: 21, step_size: 1 }] }],
};

const token = {
  type: "RFID",
  contract_id: "NL-TNM-C12345678-X",
  issuer: "TheNewMotion",
  valid: true,
  whitelist: "ALLOWED",
};

const session = {
  start_date_time: "2026-01-31T12:00:00Z",
  kwh: 0,
  cdr_token: { country_code: "DE", party_id: "ABC", uid: "012345678", type: "RFID", contract_id: "DE-ABC-C12345678-X" },
  auth_method: "AUTH_REQUEST",
  location_id: "LOC1",
  evse_uid: "1",
  connector_id: "1",
  currency: "EUR",
  status: "ACTIVE",
};

/** The modules, in the order of the document. */
export const objectKinds: ObjectKind[] = [
  { module: "locations", kind: "Location", schema: Location, idParam: "id", deletable: false, example: location },
  { module: "tariffs", kind: "Tariff", schema: Tariff, idParam: "id", deletable: true, example: tariff },
  { module: "tokens", kind: "Token", schema: Token, idParam: "uid", deletable: false, example: token },
  { module: "sessions", kind: "Session", schema: Session, idParam: "id", deletable: false, example: session },
];

/** CDRs, which are posted and then only read. */
export const cdrKind: ObjectKind = {
  module: "cdrs",
  kind: "CDR",
  schema: CDR,
  idParam: "id",
  deletable: false,
  example: {
    country_code: "NL",
    party_id: "TNM",
    id: "CDR1",
    start_date_time: "2026-01-31T12:00:00Z",
    end_date_time: "2026-01-31T13:30:00Z",
    session_id: "SESSION1",
    cdr_token: session.cdr_token,
    auth_method: "AUTH_REQUEST",
    cdr_location: {
      id: "LOC1",
      address: "Example Street 1",
      city: "Utrecht",
      postal_code: "3511 AB",
      country: "NLD",
      coordinates: location.coordinates,
      evse_uid: "1",
      evse_id: "NL*TNM*E1",
      connector_id: "1",
      connector_standard: "IEC_62196_T2",
      connector_format: "SOCKET",
      connector_power_type: "AC_3_PHASE",
    },
    currency: "EUR",
    charging_periods: [
      {
        start_date_time: "2026-01-31T12:00:00Z",
        dimensions: [
          { type: "ENERGY", volume: 15.2 },
          { type: "TIME", volume: 1.5 },
        ],
      },
    ],
    total_cost: { before_taxes: 5.32, taxes: [{ name: "VAT", percentage: 21, amount: 1.12 }] },
    total_energy: 15.2,
    total_time: 1.5,
  },
};

/** A place in the tree of a module: which kind stands there, and what the URL says of it. */
export interface Place {
  path: string;
  kind: OwnKind;
  schema: Schema;
  said(params: Record<string, string>): Said;
}

/** Parts of a Location that have a path of their own. */
export const locationParts: Place[] = [
  {
    path: "/locations/{country_code}/{party_id}/{id}/{evse_uid}",
    kind: "EVSE",
    schema: EVSE,
    said: ({ evse_uid }) => ({ uid: evse_uid ?? "" }),
  },
  {
    path: "/locations/{country_code}/{party_id}/{id}/{evse_uid}/{connector_id}",
    kind: "Connector",
    schema: Connector,
    said: ({ connector_id }) => ({ id: connector_id ?? "" }),
  },
];

/** Where an object of a path lives. */
export function targetOf(kind: ObjectKind, params: Record<string, string>, type: string | undefined): Target {
  return {
    module: kind.module,
    country_code: (params.country_code ?? "").toUpperCase(),
    party_id: (params.party_id ?? "").toUpperCase(),
    id: params[kind.idParam] ?? "",
    ciIds: newest.dialect.ciIds,
    ...(kind.module === "tokens" && type !== undefined ? { type } : {}),
    ...(params.evse_uid !== undefined ? { evse_uid: params.evse_uid } : {}),
    ...(params.connector_id !== undefined ? { connector_id: params.connector_id } : {}),
  };
}
