import { isObject, type JsonObject } from "../lib/json.ts";
import type { ListFilter, PageRow } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { shownText } from "./model-view.ts";

/** Objects read from storage at a time while a list is streamed. */
const WINDOW = 500;

type Reader = Pick<Ports, "objects">;

/** A page of a module in the order of creation, everything there is to see: the operator's own view. */
export async function objectPage(
  { objects }: Reader,
  module: string,
  filter: ListFilter,
  after: number | null,
  limit: number,
): Promise<{ rows: PageRow[]; more: boolean }> {
  const page = await objects.page({ kind: "operator" }, { module, filter, offset: 0, after, limit, withTotal: false });
  if (!page.ok) throw new Error("an operator's read cannot be stale");
  return page.value;
}

/** Every object that matches, a line each; one window in memory at a time, read as fast as the client does. */
export function streamLines(ports: Reader, module: string, filter: ListFilter): ReadableStream<Uint8Array> {
  return streamed(ports, module, filter, { head: "", between: "", tail: "", each: (text) => `${text}\n` });
}

/** Every Location that matches as one FeatureCollection. Spec: RFC 7946, 3.3. */
export function streamFeatures(ports: Reader, filter: ListFilter): ReadableStream<Uint8Array> {
  const frame = { head: '{"type":"FeatureCollection","features":[', between: ",\n", tail: "]}\n" };
  return streamed(ports, "locations", filter, { ...frame, each: featureText });
}

interface Frame {
  head: string;
  between: string;
  tail: string;
  each(text: string): string;
}

function streamed(ports: Reader, module: string, filter: ListFilter, frame: Frame): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after: number | null = null;
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { rows, more } = await objectPage(ports, module, filter, after, WINDOW);
        after = rows.at(-1)?.seq ?? after;
        const texts = rows.map(({ text }) => frame.each(shownText(text)));
        const body = (begun && texts.length > 0 ? frame.between : "") + texts.join(frame.between);
        const text = (begun ? "" : frame.head) + body + (more ? "" : frame.tail);
        begun = true;
        if (text !== "") controller.enqueue(encoder.encode(text));
        if (!more) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** A Location as a GeoJSON Feature: longitude first, no geometry where the coordinates are not numbers. */
function featureText(text: string): string {
  const location = JSON.parse(text) as JsonObject;
  const { country_code, party_id, id, coordinates, ...properties } = location;
  const point = isObject(coordinates) ? [Number(coordinates.longitude), Number(coordinates.latitude)] : [Number.NaN];
  return JSON.stringify({
    type: "Feature",
    id: `${country_code}*${party_id}*${id}`,
    geometry: point.every(Number.isFinite) ? { type: "Point", coordinates: point } : null,
    properties: { country_code, party_id, id, ...properties },
  });
}
