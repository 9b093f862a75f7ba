import type { ObjectWrite, StoredObject, Target, Writer } from "../../../src/ports/objects.ts";
import type { Partner } from "../../../src/ports/partners.ts";

/** A clock's time that is later than any said in these tests. */
export const NOW = Date.parse("2027-01-01T00:00:00Z");

/** A registered partner that speaks for parties (`CPO DE ABC`). */
export function partnerOf(id: string, ...roles: string[]): Partner {
  return {
    id,
    name: id,
    status: "REGISTERED",
    side: null,
    version: "2.2.1",
    versions_url: null,
    roles: roles.map((text) => {
      const [role = "", country_code = "", party_id = ""] = text.split(" ");
      return { role, country_code, party_id };
    }),
    endpoints: [],
    token_encoding: "base64",
    outbound_token: null,
    allow: {},
    settings: { token_encoding: "auto", push: true, retry: true, initial: "none" },
    epoch: 1,
    created_at: 0,
    last_seen_at: null,
  };
}

export const operator: Writer = { actor: { kind: "operator" }, partner: null, origin: "2.3.0" };

/** A partner as a writer in 2.2.1. */
export const writerOf = (partner: Partner): Writer => ({
  actor: { kind: "partner", id: partner.id, epoch: partner.epoch },
  partner,
  origin: "2.2.1",
});

/** An object of our party NL*OWN. */
export const at = (module: string, id: string, more: Partial<Target> = {}): Target => ({
  module,
  country_code: "NL",
  party_id: "OWN",
  id,
  ciIds: true,
  ...more,
});

/** What storage makes of a write: only what the write names changes. */
export function store(before: StoredObject | null, write: ObjectWrite): StoredObject {
  const revision = (before?.revision ?? 0) + 1;
  const evses = new Map(before?.evses.map((evse) => [evse.uid_key, evse]));
  const last = Math.max(-1, ...[...evses.values()].map(({ pos }) => pos));
  for (const { pos, ...evse } of write.evses) evses.set(evse.uid_key, { ...evse, pos: pos ?? last + 1, revision });
  const { ref, body, before: _, part: _part, event: _event, alias: _alias, ...columns } = write;
  return {
    ...ref,
    ...columns,
    seq: before?.seq ?? 1,
    received_ms: NOW,
    revision,
    body: body ?? before?.body ?? {},
    evses: [...evses.values()].sort((a, b) => a.pos - b.pos),
  };
}
