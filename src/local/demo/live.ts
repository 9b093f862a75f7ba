import { askedToken, cdrTokenOf, harbourCdr, harbourSession } from "./charging.ts";
import { chargeAtDepot } from "./depot.ts";
import { rondwegToken } from "./objects.ts";
import type { Event, Partner } from "./operator.ts";
import { bodyLine, exchangeLine, headline, lossLines } from "./print.ts";
import { relayed } from "./relay.ts";
import { type Cast, commandLine, commandWithSession, now, type Stage } from "./stage.ts";
import { watchSession } from "./watch.ts";

/** The second half of the story: who may charge, a remote start, sessions while they go on, what they cost. */
export async function tellLive(stage: Stage, cast: Cast): Promise<void> {
  await authorizeTheirs(stage, cast);
  await authorizeOurs(stage, cast);
  const charged = await reportCharging(cast);
  await chargeAtHarbour(stage, cast);
  for (const [module, id] of charged) await relayed(stage, { from: cast.harbour, to: cast.rondweg, module, id });
  await chargeAtDepot(stage, cast);
}

/** Somebody holds a card to a reader of the gateway's own CPO: its eMSP is asked, for the card wants it. */
async function authorizeTheirs({ operator, print }: Stage, cast: Cast): Promise<void> {
  const { country_code, party_id, uid, ...token } = askedToken(now());
  await cast.emsp.push("tokens", { country_code, party_id, uid, ...token });
  const path = `/tokens/${country_code}/${party_id}/${uid}/authorize?type=RFID`;
  const place = { location_id: "DEPOT", evse_uids: ["DEPOT-1"] };
  const { allowed, source } = await operator.call<{ allowed: string; source: string }>("POST", path, place);
  const asked = await operator.message({ partner: cast.rondweg.id, direction: "out", method: "POST", url: uid });
  headline(print, `Card ${uid} of ${cast.rondweg.name} is held to the Depot's reader: ${allowed} (${source})`);
  exchangeLine(print, asked, cast.rondweg);
  bodyLine(print, asked);
}

/** The CPO asks the gateway's own eMSP whether its driver may charge. */
async function authorizeOurs({ operator, print }: Stage, cast: Cast): Promise<void> {
  await cast.cpo.authorize("APP-1", { type: "OTHER", body: { location_id: "GARAGE" } });
  const asked = await operator.message({ partner: cast.harbour.id, direction: "in", method: "POST", url: "APP-1" });
  const { data } = JSON.parse(asked.response_body ?? "{}") as { data?: { allowed: string } };
  headline(print, `${cast.harbour.name} asks whether Roamgate Mobility's driver APP-1 may charge: ${data?.allowed}`);
  exchangeLine(print, asked, cast.harbour);
}

/** The gateway's own eMSP starts, watches and stops a session at the CPO, and gets the CDR. */
async function chargeAtHarbour(stage: Stage, cast: Cast): Promise<void> {
  const { operator, print } = stage;
  const [id, key] = ["HBR-S1", "/sessions/NL/HBR/HBR-S1"];
  const token = await operator.call<{ contract_id: string }>("GET", "/tokens/NL/RGM/APP-1?type=APP_USER");
  const place = { location_id: "GARAGE", evse_uid: "GARAGE-2" };
  const started = await order(stage, cast.harbour, "START_SESSION", { token, ...place });

  const session = harbourSession(id, token.contract_id, "AUTH_REQUEST", now());
  await cast.cpo.push("sessions", session);
  const watch = watchSession(operator.url + key, operator.token);
  try {
    await watch.until(({ status }) => status === "ACTIVE");
    for (const kwh of [4.2, 9.5]) {
      await cast.cpo.patch("sessions", id, { kwh, last_updated: now() });
      await watch.until((seen) => seen.kwh === kwh);
    }
    await order(stage, cast.harbour, "STOP_SESSION", { session_id: id });
    await cast.cpo.patch("sessions", id, { status: "COMPLETED", end_datetime: now(), kwh: 9.8, last_updated: now() });
    const seen = await watch.until(({ status }) => status === "COMPLETED");
    const { type, session: came } = await commandWithSession(stage, started);
    headline(print, `${type} became session ${came?.id} of ${cast.harbour.name}; who watched it saw ${seen}`);
  } finally {
    watch.close();
  }
  const told = { partner: cast.harbour.id, direction: "in", module: "sessions" } as const;
  await operator.message({ ...told, body: "COMPLETED" });
  for (const message of await operator.messages({ ...told, url: id })) {
    exchangeLine(print, message, cast.harbour);
    bodyLine(print, message);
  }
  await receiveCdr(stage, cast, harbourCdr("HBR-C1", session, 9.8, now()));
}

/** The CPO posts a CDR; what is printed of it is what the event says. */
async function receiveCdr({ operator, print }: Stage, cast: Cast, cdr: ReturnType<typeof harbourCdr>): Promise<void> {
  await cast.cpo.push("cdrs", cdr);
  const { type, data } = await operator.event("cdr.received", ({ data }) => cdrIn(data).id === cdr.id);
  const received = cdrIn(data);
  const { country_code, party_id, contract_id } = received.cdr_token;
  const sum = `${received.total_energy} kWh, ${received.total_cost.before_taxes} ${received.currency}`;
  headline(
    print,
    `${type}: ${received.id} of ${cast.harbour.name}, ${sum}, for ${contract_id} of ${country_code}*${party_id}`,
  );
  const query = { partner: cast.harbour.id, direction: "in", module: "cdrs", method: "POST", body: cdr.id } as const;
  exchangeLine(print, await operator.message(query), cast.harbour);
}

/** A driver of the eMSP has charged at the CPO, which tells of the session and posts the CDR: both cross from version to version. */
async function reportCharging({ cpo }: Cast): Promise<[module: string, id: string][]> {
  const { contract_id } = cdrTokenOf(rondwegToken(now()));
  const session = harbourSession("HBR-S2", contract_id, "WHITELIST", now());
  const cdr = harbourCdr("HBR-C2", session, 6.4, now());
  await cpo.push("sessions", { ...session, kwh: 6.4, status: "COMPLETED", end_datetime: now() });
  await cpo.push("cdrs", cdr);
  return [
    ["sessions", session.id],
    ["cdrs", cdr.id],
  ];
}

/** The back office asks the CPO for something, and waits for the result. */
async function order(stage: Stage, partner: Partner, type: string, body: Record<string, unknown>): Promise<string> {
  const { operator, print } = stage;
  const to = { country_code: "NL", party_id: "HBR" };
  const { id } = await operator.call<{ id: string }>("POST", `/commands/${type}`, { to, ...body });
  await commandLine(stage, `Roamgate Mobility sends ${type} to ${partner.name}`, id);
  const query = { partner: partner.id, method: "POST", url: type } as const;
  const sent = await operator.message({ ...query, direction: "out" });
  const result = await operator.message({ ...query, direction: "in", url: id });
  exchangeLine(print, sent, partner);
  lossLines(print, sent);
  exchangeLine(print, result, partner);
  bodyLine(print, result);
  return id;
}

type Cdr = {
  id: string;
  currency: string;
  total_energy: number;
  total_cost: { before_taxes: number };
  cdr_token: { country_code: string; party_id: string; contract_id: string };
};

const cdrIn = (data: Event["data"]): Cdr => data.cdr as Cdr;
