import { differences, parentOf } from "./differences.ts";
import type { Message, Partner } from "./operator.ts";

/** Takes the demo's lines. */
export type Print = (line: string) => void;

/** Width of a line before it is broken. */
const WIDTH = 118;
const INDENT = " ".repeat(6);

/** A fact, of which the lines below it are the evidence. */
export function headline(print: Print, text: string): void {
  print(`\n${text}`);
}

/** An exchange: who sent what, and what the answer was. */
export function exchangeLine(print: Print, { direction, method, url, ...message }: Message, partner: Partner): void {
  const { pathname, search } = new URL(url);
  const arrow = direction === "in" ? "→ gateway" : "gateway →";
  const way = direction === "in" ? `${partner.name} ${arrow}` : `${arrow} ${partner.name}`;
  const answer = `${message.http_status ?? "no answer"} ${message.ocpi_status ?? ""}`;
  print(`  ${way.padEnd(27)}  ${method.padEnd(6)} ${(pathname + search).padEnd(58)} ${answer}`.trimEnd());
  if (message.error) print(`${INDENT}error: ${message.error}`);
}

/** What an exchange carried, when that is short. */
export function bodyLine(print: Print, { request_body }: Message): void {
  if (request_body !== null && request_body.length < WIDTH) print(`${INDENT}${request_body}`);
}

/** What became of an object between two versions: read off the two bodies and URLs as the journal has them. */
export function translationLines(print: Print, before: Message, after: Message): void {
  if (before.request_body === null || after.request_body === null) return;
  const { renamed, changed, gone, added } = differences(before.request_body, after.request_body);
  const lost = new Set(after.losses.map(({ pointer }) => pointer.split("/")[1]));
  const kept = gone.filter(({ path }) => !lost.has(path.split(/[.[]/)[0]));
  list(print, "translated", [
    ...renamed.map(({ from, to }) => `${from} → ${parentOf(from) === parentOf(to) ? last(to) : to}`),
    ...changed.map(({ path, from, to }) => `${path}: ${from} → ${to}`),
    ...kept.filter(({ value }) => isInUrl(after, value)).map(({ path }) => `${path} → the URL`),
    ...grouped(kept.filter(({ value }) => !isInUrl(after, value)).map(({ path }) => path)).map(
      (what) => `${what} → nothing`,
    ),
  ]);
  list(
    print,
    "added",
    added.map(({ path, value }) => `${path} ${value}${isInUrl(before, value) ? " (from the URL)" : ""}`),
  );
}

/** What the journal says was lost on the way to a partner, with JSON Pointers. */
export function lossLines(print: Print, { losses }: Message): void {
  list(
    print,
    "lost",
    losses.map(({ pointer, reason }) => `${pointer} (${reason})`),
  );
}

/** The parties of a partner, `CPO NL*HBR`. */
export function partiesOf({ roles }: Partner): string {
  return roles.map(({ role, country_code, party_id }) => `${role} ${country_code}*${party_id}`).join(", ");
}

/** A label and its items, over several lines where they are many; nothing when there are none. */
function list(print: Print, label: string, items: string[]): void {
  const start = `${INDENT}${label.padEnd(11)}`;
  let line = start;
  for (const [index, item] of items.entries()) {
    const text = index + 1 < items.length ? `${item}, ` : item;
    if (line.length > start.length && line.length + text.trimEnd().length > WIDTH) {
      print(line.trimEnd());
      line = " ".repeat(start.length);
    }
    line += text;
  }
  if (items.length > 0) print(line);
}

/** Paths as they are, but for those of an object that loses many: these are counted. */
function grouped(paths: string[]): string[] {
  const roots = Map.groupBy(paths, (path) => path.split(/[.[]/)[0] ?? path);
  return [...roots].flatMap(([root, all]) => (all.length > 3 ? [`${all.length} other values of ${root}`] : all));
}

function isInUrl({ url }: Message, value: string): boolean {
  return new URL(url).pathname.split("/").some((segment) => JSON.stringify(decodeURIComponent(segment)) === value);
}

function last(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
