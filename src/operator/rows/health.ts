import * as v from "valibot";
import { err, ok } from "../../lib/result.ts";
import { openApi } from "../openapi.ts";
import { Health } from "../schemas/common.ts";
import { row } from "../table.ts";

export const healthRows = [
  row({
    id: "getHealth",
    method: "GET",
    path: "/healthz",
    tag: "Health",
    summary: "Whether the gateway can work",
    open: true,
    answers: { 200: { description: "It can", content: { "application/json": Health } } },
    refusals: ["unavailable"],
    async operate({ ports, config }) {
      try {
        await ports.objects.head();
      } catch {
        return err({ kind: "unavailable", message: "The database does not answer" });
      }
      return ok({ status: 200, json: { status: "ok", version: config.version } });
    },
  }),
  row({
    id: "getOpenApi",
    method: "GET",
    path: "/openapi.json",
    tag: "Health",
    summary: "This description",
    open: true,
    answers: { 200: { description: "An OpenAPI 3.1 document", content: { "application/json": v.looseObject({}) } } },
    async operate({ config, base }) {
      return ok({ status: 200, json: openApi(config.version, base) });
    },
  }),
];
