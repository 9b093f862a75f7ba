import { type Partner as Sandbox, startPartner } from "../../../test/sandbox/partner.ts";
import { tellLive } from "./live.ts";
import {
  harbour,
  harbourLocation,
  harbourTariff,
  own,
  ownLocation,
  ownTariff,
  ownToken,
  rondweg,
  rondwegToken,
} from "./objects.ts";
import type { Event, MessageQuery, Partner } from "./operator.ts";
import { bodyLine, exchangeLine, headline, lossLines, partiesOf } from "./print.ts";
import { relayed } from "./relay.ts";
import { type Cast, now, type Stage } from "./stage.ts";

/**
 * Two companies that speak different versions of OCPI roam through a gateway. What they do is told to their platforms; every
 * line that is printed is read back from the gateway: its journal, its events, its deliveries.
 * @param closing takes what must be stopped at the end, as it comes to life
 * @throws when something does not happen
 */
export async function tellStory(stage: Stage, closing: (() => Promise<unknown>)[]): Promise<Cast> {
  const cpo = await startPartner({ version: "2.1.1", roles: [harbour] });
  closing.push(cpo.close);
  const emsp = await startPartner({ version: "2.3.0", roles: [rondweg] });
  closing.push(emsp.close);
  for (const { country_code, party_id, ...party } of own) {
    await stage.operator.call("PUT", `/parties/${country_code}/${party_id}`, party);
  }
  const cast = { cpo, emsp, harbour: await invite(stage, cpo), rondweg: await registerWith(stage, emsp) };
  await relay(stage, cast);
  await changeStatus(stage, cast, "CHARGING");
  await fetchLocations(stage, cast);
  await tellLive(stage, cast);
  const faults = cpo.violations.length + emsp.violations.length;
  headline(
    stage.print,
    `Both platforms hold all they are sent against the standard of their version: ${faults} faults`,
  );
  return cast;
}

/** One EVSE of the CPO changes its status, and the eMSP hears of it. */
export async function changeStatus({ operator, print }: Stage, cast: Cast, status: string): Promise<void> {
  const uid = "GARAGE-1";
  const incoming: MessageQuery = { partner: cast.harbour.id, direction: "in", method: "PATCH", url: uid };
  const outgoing: MessageQuery = { partner: cast.rondweg.id, direction: "out", method: "PUT", url: uid };
  const former = (await operator.messages({ partner: cast.rondweg.id })).at(-1);
  await cast.cpo.patch("locations", `GARAGE/${uid}`, { status, last_updated: now() });
  const changed = ({ data }: Event): boolean =>
    evsesOf(data).some((evse) => evse.uid === uid && evse.status === status);
  const { type, data } = await operator.event("location.changed", changed);
  const received = await operator.message(incoming, former);
  const sent = await operator.message(outgoing, former);
  const said = evsesOf(data).map((evse) => `${evse.uid} ${evse.status}`);
  headline(print, `${cast.harbour.name} has news: ${type}, ${said.join(", ")}`);
  exchangeLine(print, received, cast.harbour);
  bodyLine(print, received);
  exchangeLine(print, sent, cast.rondweg);
  lossLines(print, sent);
}

/** The gateway invites the CPO, who registers. */
async function invite(stage: Stage, cpo: Sandbox): Promise<Partner> {
  const { name } = harbour.business_details;
  const invitation = { name, role: "CPO", allow: { parties: [`${harbour.country_code}*${harbour.party_id}`] } };
  const { versions_url, token } = await stage.operator.call<{ versions_url: string; token: string }>(
    "POST",
    "/partners",
    invitation,
  );
  await cpo.register(versions_url, token);
  return registered(stage, "in", "registered with the gateway");
}

/** The gateway registers with the eMSP, who invited it. */
async function registerWith(stage: Stage, emsp: Sandbox): Promise<Partner> {
  const { name } = rondweg.business_details;
  const invitation = { name, versions_url: emsp.versionsUrl, token: emsp.inviteToken() };
  await stage.operator.call("POST", "/partners", invitation);
  return registered(stage, "out", "was registered with by the gateway");
}

async function registered({ operator, print }: Stage, direction: "in" | "out", what: string): Promise<Partner> {
  const { data } = await operator.event("partner.registered");
  const partner = await operator.call<Partner>("GET", `/partners/${data.partner}`);
  await operator.message({ partner: partner.id, direction, method: "POST", module: "credentials" });
  headline(print, `${partner.name} (${partiesOf(partner)}) ${what} in OCPI ${partner.version}`);
  for (const message of await operator.messages({ partner: partner.id })) {
    exchangeLine(print, message, partner);
    lossLines(print, message);
  }
  return partner;
}

/** Objects of the gateway's own parties, and who is entitled to them. */
const shared = [
  { module: "tariffs", id: "KWH", path: "/tariffs/NL/RGC/KWH", body: ownTariff, to: "rondweg" },
  { module: "locations", id: "DEPOT", path: "/locations/NL/RGC/DEPOT", body: ownLocation, to: "rondweg" },
  { module: "tokens", id: "APP-1", path: "/tokens/NL/RGM/APP-1?type=APP_USER", body: ownToken, to: "harbour" },
] as const;

/**
 * What each says in its version reaches the other in the other's: Tariffs and Locations the eMSP, Tokens the CPO; and each gets
 * what the gateway's own back office says.
 */
async function relay(stage: Stage, cast: Cast): Promise<void> {
  const token = rondwegToken(now());
  await cast.cpo.push("tariffs", harbourTariff(now()));
  await cast.cpo.push("locations", harbourLocation(now()));
  await cast.emsp.push("tokens", token);
  for (const { path, body } of shared) await stage.operator.call("PUT", path, body);
  const theirs = { from: cast.harbour, to: cast.rondweg };
  await relayed(stage, { ...theirs, module: "tariffs", id: "DAY" });
  await relayed(stage, { ...theirs, module: "locations", id: "GARAGE" });
  await relayed(stage, { from: cast.rondweg, to: cast.harbour, module: "tokens", id: token.uid });
  await shareOwn(stage, cast);
}

/** Tells how what the back office stored reached who is entitled to it. */
async function shareOwn({ operator, print }: Stage, cast: Cast): Promise<void> {
  for (const { module, id, ...told } of shared) {
    const to = cast[told.to];
    const event = await operator.event(`${module.slice(0, -1)}.changed`, ({ data }) => idIn(data) === id);
    const sent = await operator.message({ partner: to.id, direction: "out", method: "PUT", module, url: `/${id}` });
    const state = await operator.delivered(to.id, module, id);
    headline(print, `The gateway's own back office stores ${module} ${id} (${event.type}), for ${to.name}: ${state}`);
    exchangeLine(print, sent, to);
    lossLines(print, sent);
  }
}

/** The eMSP fetches everything there is, to be sure; its list holds what two companies say. */
async function fetchLocations({ operator, print }: Stage, cast: Cast): Promise<void> {
  const query: MessageQuery = { partner: cast.rondweg.id, direction: "in", module: "locations", method: "GET" };
  await cast.emsp.pull("locations");
  const answer = await operator.message(query);
  const { data = [] } = JSON.parse(answer.response_body ?? "{}") as { data?: Record<string, string>[] };
  const names = data.map(({ country_code, party_id, id }) => `${country_code}*${party_id} ${id}`);
  headline(print, `${cast.rondweg.name} fetches the Locations it may see: ${names.join(", ")}`);
  exchangeLine(print, answer, cast.rondweg);
  lossLines(print, answer);
}

/** The EVSEs of the Location an event tells of. */
function evsesOf({ location }: Event["data"]): { uid: string; status: string }[] {
  return (location as { evses?: { uid: string; status: string }[] } | undefined)?.evses ?? [];
}

/** The id of the object an event tells of. */
function idIn({ location, tariff, token }: Event["data"]): string | undefined {
  const object = (location ?? tariff ?? token) as { id?: string; uid?: string } | undefined;
  return object?.id ?? object?.uid;
}
