import type { Partner } from "./operator.ts";
import { exchangeLine, headline, lossLines, translationLines } from "./print.ts";
import type { Stage } from "./stage.ts";

/** Tells an object's way from one partner to another, once it has arrived. */
export async function relayed(
  { operator, print }: Stage,
  { from, to, module, id }: { from: Partner; to: Partner; module: string; id: string },
): Promise<void> {
  // A CDR has no URL of its own before it is there.
  const query =
    module === "cdrs" ? { module, method: "POST", body: `"${id}"` } : { module, method: "PUT", url: `/${id}` };
  const received = await operator.message({ partner: from.id, direction: "in", ...query });
  const sent = await operator.message({ partner: to.id, direction: "out", ...query });
  const state = await operator.delivered(to.id, module, id);
  headline(print, `${from.name} (${from.version}) sends ${module} ${id} to ${to.name} (${to.version}): ${state}`);
  exchangeLine(print, received, from);
  exchangeLine(print, sent, to);
  translationLines(print, received, sent);
  lossLines(print, sent);
}
