import { afterAll, beforeAll, expect, test } from "vitest";
import { type Partner, startPartner } from "../sandbox/partner.ts";
import { bearing, sendRaw, useWorld } from "../support/ocpi.ts";

// As deployed: partners on loopback and private addresses are not called, however their address is written.
const world = useWorld({ vars: { ALLOW_PRIVATE_NETWORK: "false" } });
let inside: Partner;
let port = "";

beforeAll(async () => {
  inside = await startPartner({ version: "2.2.1" });
  port = new URL(inside.versionsUrl).port;
  await world.api("PUT", "/parties/NL/GWE", { roles: ["EMSP"], business_details: { name: "Gateway" } });
});
afterAll(() => inside.close());

const addresses = [
  "http://127.0.0.1:PORT/ocpi/versions",
  "https://127.0.0.1:PORT/ocpi/versions",
  "https://localhost:PORT/ocpi/versions",
  "https://localhost.:PORT/ocpi/versions",
  "https://2130706433:PORT/ocpi/versions",
  "https://0x7f.1:PORT/ocpi/versions",
  "https://[::1]:PORT/ocpi/versions",
  "https://[::ffff:127.0.0.1]:PORT/ocpi/versions",
  "https://0:PORT/ocpi/versions",
  "https://169.254.169.254/latest/meta-data/",
  "https://10.0.0.1/",
  "https://db.internal/",
  "https://api/",
  "https://user:pw@partner.example.com/",
  "ftp://partner.example.com/",
  "partner.example.com/ocpi",
  " https://partner.example.com/",
];

test.each(addresses)("%s: not called back at, and token A stays as it was", async (address) => {
  const url = address.replace("PORT", port);
  const { json } = await world.api("POST", "/partners", { name: "Insider", role: "CPO" });
  const role = { role: "CPO", country_code: "NL", party_id: "INS", business_details: { name: "Insider" } };
  const answer = await sendRaw(`${world.url}/ocpi/2.2.1/credentials`, {
    method: "POST",
    headers: { ...bearing("2.2.1", String(json.token)), "content-type": "application/json" },
    body: JSON.stringify({ token: "token-b", url, roles: [role] }),
  });
  expect([answer.http, answer.status_code]).toEqual([200, 3001]);
  expect((await world.api("GET", `/partners/${json.id}`)).json).toMatchObject({ status: "INVITED", version: null });
  const probe = await sendRaw(`${world.url}/ocpi/versions`, { headers: bearing("2.2.1", String(json.token)) });
  expect(probe.http).toBe(200);
  expect(inside.requests).toEqual([]);
});

test.each(addresses.filter((address) => /^https?:/.test(address)))("%s: not registered with", async (address) => {
  const versions_url = address.replace("PORT", port);
  const answer = await world.api("POST", "/partners", {
    name: "Insider",
    role: "CPO",
    versions_url,
    token: inside.inviteToken(),
  });
  expect(answer).toMatchObject({ status: 502, json: { step: "versions" } });
  expect(inside.requests).toEqual([]);
});
