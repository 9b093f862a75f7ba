import { cdrTokenOf, creditCdr, depotCdr, depotSession } from "./charging.ts";
import { rondwegToken } from "./objects.ts";
import type { Event } from "./operator.ts";
import { bodyLine, exchangeLine, headline, lossLines } from "./print.ts";
import { type Cast, commandLine, now, type Stage } from "./stage.ts";
import { watchSession } from "./watch.ts";

const ID = "RGC-S1";
const PATH = `/sessions/NL/RGC/${ID}`;

/** The eMSP starts and stops a session at the gateway's own CPO, whose back office answers, tells of it, and bills it. */
export async function chargeAtDepot(stage: Stage, cast: Cast): Promise<void> {
  const { operator } = stage;
  const token = rondwegToken(now());
  const authorization_reference = "RWM-APP-5501";
  const place = { location_id: "DEPOT", evse_uid: "DEPOT-1", connector_id: "1" };
  await answered(stage, cast, "START_SESSION", { token, ...place, authorization_reference });

  const session = depotSession(cdrTokenOf(token), authorization_reference, now());
  await operator.call("PUT", PATH, session);
  const watch = watchSession(operator.url + PATH, operator.token);
  try {
    await watch.until(({ status }) => status === "ACTIVE");
    await sessionArrived(stage, cast, `"status":"ACTIVE"`);
    for (const kwh of [3.6, 7.1]) {
      await operator.call("PATCH", PATH, { kwh });
      await watch.until((seen) => seen.kwh === kwh);
    }
    // Values that follow fast are sent together: what counts is the last.
    await sessionArrived(stage, cast, `"kwh":7.1`);
    await answered(stage, cast, "STOP_SESSION", { session_id: ID });
    await operator.call("PATCH", PATH, { status: "COMPLETED", kwh: 7.3, end_date_time: now() });
    const seen = await watch.until(({ status }) => status === "COMPLETED");
    const issued = await bill(stage, depotCdr("RGC-C1", { ...session, id: ID }, 7.3, now()));
    await sessionArrived(stage, cast, `"status":"COMPLETED"`);
    await sessionLines(stage, cast, seen);
    for (const id of issued) await cdrLines(stage, cast, id);
  } finally {
    watch.close();
  }
}

/** Issues a CDR, and the one that takes it back; answers their ids. */
async function bill({ operator }: Stage, cdr: ReturnType<typeof depotCdr>): Promise<string[]> {
  const issued = [cdr, creditCdr(cdr)];
  for (const each of issued) await operator.call("POST", "/cdrs", each);
  return issued.map(({ id }) => id);
}

/** The eMSP sends a command, the back office hears of it and answers, and the eMSP hears that. */
async function answered(stage: Stage, cast: Cast, type: string, body: Record<string, unknown>): Promise<void> {
  const { operator, print } = stage;
  const to = { country_code: "NL", party_id: "RGC" };
  const { uid } = await cast.emsp.command(type, body, { to });
  const { data } = await operator.event("command.received", (event) => commandIn(event).type === type);
  const { id } = data.command as { id: string };
  await operator.call("POST", `/commands/${id}/result`, { result: "ACCEPTED" });
  await cast.emsp.waitForResult(uid);
  await commandLine(stage, `${cast.rondweg.name} sends ${type} to the gateway's own CPO`, id);
  const query = { partner: cast.rondweg.id, method: "POST" } as const;
  exchangeLine(print, await operator.message({ ...query, direction: "in", url: type }), cast.rondweg);
  const result = await operator.message({ ...query, direction: "out", url: uid });
  exchangeLine(print, result, cast.rondweg);
  bodyLine(print, result);
}

/** Waits until the eMSP was sent this of the session. */
async function sessionArrived({ operator }: Stage, cast: Cast, body: string): Promise<void> {
  await operator.message({ partner: cast.rondweg.id, direction: "out", module: "sessions", url: ID, body });
}

async function sessionLines({ operator, print }: Stage, cast: Cast, seen: string): Promise<void> {
  const state = await operator.delivered(cast.rondweg.id, "sessions", ID);
  headline(print, `Session ${ID} at the Depot; who watched it saw ${seen}; for ${cast.rondweg.name}: ${state}`);
  for (const message of await operator.messages({ partner: cast.rondweg.id, direction: "out", url: ID })) {
    exchangeLine(print, message, cast.rondweg);
    bodyLine(print, message);
    lossLines(print, message);
  }
}

/** A CDR of the back office, as the gateway has it, and how it went to the eMSP. */
async function cdrLines({ operator, print }: Stage, cast: Cast, id: string): Promise<void> {
  const query = {
    partner: cast.rondweg.id,
    direction: "out",
    module: "cdrs",
    method: "POST",
    body: `"id":"${id}"`,
  } as const;
  const sent = await operator.message(query);
  const state = await operator.delivered(cast.rondweg.id, "cdrs", id);
  const cdr = await operator.call<ReturnType<typeof depotCdr>>("GET", `/cdrs/NL/RGC/${id}`);
  const { total_energy, total_cost, credit_reference_id: of } = { credit_reference_id: undefined, ...cdr };
  const what = of === undefined ? `CDR ${id}` : `credit CDR ${id} for ${of}`;
  const sum = `${total_energy} kWh, ${total_cost.before_taxes} EUR and ${total_cost.taxes[0]?.amount} VAT`;
  headline(print, `The Depot's back office issues ${what}, ${sum}, for ${cast.rondweg.name}: ${state}`);
  exchangeLine(print, sent, cast.rondweg);
  lossLines(print, sent);
}

const commandIn = ({ data }: Event): { type?: string } => data.command as { type?: string };
