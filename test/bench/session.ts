/** A session of a partner that goes on, valid in OCPI 2.2.1 and 2.3.0 alike. @param startedAt RFC 3339 */
export function benchSession(party: { country_code: string; party_id: string }, id: string, startedAt: string) {
  return {
    ...party,
    id,
    start_date_time: startedAt,
    kwh: 0,
    cdr_token: { country_code: "NL", party_id: "BEN", uid: "TOKEN0000", type: "RFID", contract_id: "NL-BEN-TOKEN0000" },
    auth_method: "WHITELIST",
    location_id: "LOC000000",
    evse_uid: "LOC000000-1",
    connector_id: "1",
    currency: "EUR",
    charging_periods: [{ start_date_time: startedAt, dimensions: [{ type: "ENERGY", volume: 0 }] }],
    status: "ACTIVE",
    last_updated: startedAt,
  };
}
