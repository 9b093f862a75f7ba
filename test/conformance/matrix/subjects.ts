import { example } from "../../sandbox/fixtures/example.ts";
import type { ObjectModule, OcpiObject, PartyId } from "../../sandbox/types.ts";
import { atLeast, type RoleName, type Version } from "../../sandbox/versions.ts";

/** An object at its place below `/{country_code}/{party_id}`. */
export interface Placed {
  ids: string[];
  object: OcpiObject;
}

/** A kind of client owned object, as the cases of its rows need it. */
export interface Subject {
  module: ObjectModule;
  /** Who owns objects of this kind. */
  writer: RoleName;
  /** A valid object of this version, with what must stand before it can be put. */
  make(version: Version, owner: PartyId, id: string): Placed & { parents: Placed[] };
  /** A field every version has, for a change that can be seen everywhere. */
  field: string;
  /** Faults: where they are, and what does not belong there. */
  wrong: [pointer: string, value: unknown][];
  /** The field that names it. */
  id: string;
}

/** A moment after every one in the fixtures. */
export const LATER = "2025-06-01T10:00:00Z";

const owned = ({ country_code, party_id }: PartyId, more: OcpiObject): OcpiObject => ({
  country_code,
  party_id,
  ...more,
});

/** A part of a Location moves its Location's `last_updated`, so it must not be older than that. */
const dated = (version: Version): OcpiObject =>
  atLeast(version, "2.1.1") ? { last_updated: "2025-01-01T00:00:00Z" } : {};

/** A Location around a part, with one EVSE. */
function locationWith(version: Version, owner: PartyId, id: string): Placed {
  const object = example(version, "locations", owned(owner, { id }));
  return { ids: [id], object: { ...object, evses: object.evses.slice(0, 1) } };
}

/** The kinds of the modules of the table, by the name the table has for them. */
export const SUBJECTS: Record<string, Subject> = {
  Location: {
    module: "locations",
    writer: "CPO",
    make: (version, owner, id) => ({
      ids: [id],
      object: example(version, "locations", owned(owner, { id })),
      parents: [],
    }),
    field: "name",
    wrong: [
      ["/coordinates/latitude", 51.9],
      ["/evses/0/status", "BROKEN"],
      ["/city", null],
      ["/images", {}],
    ],
    id: "id",
  },
  EVSE: {
    module: "locations",
    writer: "CPO",
    make(version, owner, id) {
      const parent = locationWith(version, owner, `L${id}`);
      const evse = { ...parent.object.evses[0], uid: id, ...dated(version) };
      return { ids: [...parent.ids, id], object: evse, parents: [parent] };
    },
    field: "physical_reference",
    wrong: [
      ["/status", "BROKEN"],
      ["/connectors", []],
      ["/connectors/0/format", "PLUG"],
    ],
    id: "uid",
  },
  Connector: {
    module: "locations",
    writer: "CPO",
    make(version, owner, id) {
      const parent = locationWith(version, owner, `L${id}`);
      const [evse] = parent.object.evses;
      const connector = { ...evse.connectors[0], id, ...dated(version) };
      return { ids: [...parent.ids, evse.uid, id], object: connector, parents: [parent] };
    },
    field: "terms_and_conditions",
    wrong: [
      ["/format", "PLUG"],
      ["/power_type", 3],
    ],
    id: "id",
  },
  Tariff: {
    module: "tariffs",
    writer: "CPO",
    make: (version, owner, id) => ({
      ids: [id],
      object: example(version, "tariffs", owned(owner, { id })),
      parents: [],
    }),
    field: "tariff_alt_url",
    wrong: [
      ["/currency", 978],
      ["/elements", []],
      ["/elements/0/price_components/0/type", "COFFEE"],
    ],
    id: "id",
  },
  Token: {
    module: "tokens",
    writer: "EMSP",
    make: (version, owner, uid) => ({
      ids: [uid],
      object: example(version, "tokens", owned(owner, { uid })),
      parents: [],
    }),
    field: "issuer",
    wrong: [
      ["/valid", "yes"],
      ["/issuer", null],
    ],
    id: "uid",
  },
};

/** A value of the field a subject changes, valid in every version. */
export function changed(subject: Subject, text = "changed"): string {
  return /url|terms/.test(subject.field) ? `https://changed.example/${text}` : text;
}

/** What a PATCH of one field carries: from 2.2 on with its moment, before only where the version has one. */
export function partOf(version: Version, fields: OcpiObject, moment = LATER): OcpiObject {
  return atLeast(version, "2.1.1") ? { ...fields, last_updated: moment } : fields;
}

/** A copy with the value at a JSON Pointer replaced, or taken out when undefined. */
export function withValue(object: OcpiObject, pointer: string, value: unknown): OcpiObject {
  const copy = structuredClone(object);
  const keys = pointer.slice(1).split("/");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((at, key) => at[key], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
