import { formatTime } from "../lib/time.ts";
import type { StoredEvent } from "../ports/evidence.ts";
import type { Ports } from "../ports.ts";
import { shown } from "./model-view.ts";

/** First and longest pause between two looks at the feed, in milliseconds. */
const PAUSE_MS = { first: 100, longest: 1_000 };
/** A comment goes out when nothing else did for so long. */
const HEARTBEAT_MS = 15_000;
/** How long a stream lasts. A Worker may ask D1 a thousand times in one request; a look a second stays below. */
const STREAM_MS = 600_000;

interface Read {
  after: number;
  types: string[];
  limit: number;
}

/** An event as the operator sees it. */
export function eventView({ id, type, time, data }: StoredEvent) {
  return { id: String(id), type, time: formatTime(time), data: shown(data) };
}

/** Events behind a position; when there are none, waits for the first up to `waitMs`, looking less and less often. */
export async function eventPage({ events, clock }: Pick<Ports, "events" | "clock">, read: Read, waitMs: number) {
  const until = clock.now() + waitMs;
  let pause = PAUSE_MS.first;
  let after = read.after;
  for (;;) {
    const { items, last } = await events.list({ ...read, after });
    const left = until - clock.now();
    if (items.length > 0 || left <= 0) return { items: items.map(eventView), next_cursor: String(last) };
    after = last;
    await sleep(Math.min(pause, left));
    pause = Math.min(pause * 1.5, PAUSE_MS.longest);
  }
}

/** Events behind a position, and all that follow, as Server-Sent Events. Spec: WHATWG HTML, 9.2. */
export function eventStream(
  { events, clock }: Pick<Ports, "events" | "clock">,
  read: Omit<Read, "limit">,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const until = clock.now() + STREAM_MS;
  let after = read.after;
  let closed = false;
  let greeted = false;
  let saidAt = clock.now();

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const say = (text: string) => {
          saidAt = clock.now();
          controller.enqueue(encoder.encode(text));
        };
        if (!greeted) {
          greeted = true;
          say("retry: 1000\n\n");
          return;
        }
        let pause = PAUSE_MS.first;
        while (!closed) {
          const { items, last } = await events.list({ after, types: read.types, limit: 100 });
          after = last;
          if (items.length > 0) return say(items.map(eventText).join(""));
          const now = clock.now();
          if (now >= until) return controller.close();
          if (now - saidAt >= HEARTBEAT_MS) return say(": still here\n\n");
          await sleep(pause);
          pause = Math.min(pause * 1.5, PAUSE_MS.longest);
        }
      },
      cancel() {
        closed = true;
      },
    },
    { highWaterMark: 0 },
  );
}

function eventText(event: StoredEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, ms));
}
