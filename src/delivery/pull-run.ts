import { type PullPage, type PullState, pullPage, startPull } from "../client/pull.ts";
import type { Pull, PullModuleCounts, PullRequest } from "../ports/evidence.ts";
import { type Desk, isSpent } from "./desk.ts";
import { backoff, boundedRetryAfter } from "./schedule.ts";
import type { PullStore, PumpStore } from "./state.ts";
import { storePulled } from "./store-pulled.ts";

// Pulling a partner's lists page by page. Where a pull stands is written down after every page, so a crash repeats one page
// at most; storing a page twice changes nothing.

/** Times one page is asked for before its module is given up. */
const TRIES = 6;

/** Requests and storage calls a page takes, about. */
const PAGE_CALLS = 6;

/** A pull that is not done. */
interface Job {
  id: string;
  mode: PullRequest["mode"];
  /** Modules still to do; the first is under way. */
  modules: string[];
  /** Of the module under way; null: not begun. */
  state: PullState | null;
  /** When the module under way was begun, epoch ms. */
  begun: number;
  /** Failed tries of the next page. */
  tries: number;
  /** When the next page may be asked for, epoch ms. */
  at: number;
  counts: Record<string, PullModuleCounts>;
  startedAt: number;
  /** Whether a module could not be read at all, or to its end. */
  failed: boolean;
  problems: string[];
}

const JOBS = "pulls";

/** What a new pull needs of the pump. */
interface PullDesk {
  partner: string;
  ports: Pick<Desk["ports"], "clock">;
  store: PumpStore;
  pulls: PullStore;
}

/** Takes a pull on; it begins when those before it are done. */
export async function addPull(
  { partner, ports, store, pulls }: PullDesk,
  id: string,
  request: PullRequest,
): Promise<void> {
  const now = ports.clock.now();
  const counts = Object.fromEntries(request.modules.map((module) => [module, noCounts()]));
  const { mode, modules } = request;
  const job: Job = {
    id,
    mode,
    modules,
    state: null,
    begun: now,
    tries: 0,
    at: now,
    counts,
    startedAt: now,
    failed: false,
    problems: [],
  };
  store.set(JOBS, [...jobsOf(store), job]);
  await pulls.save(pullOf(partner, job, null), mode);
}

/** Goes on with the pulls until they are done or the run's time is up. Returns when to go on, epoch ms; null: nothing is left. */
export async function pullSteps(desk: Desk, pulls: PullStore): Promise<number | null> {
  const { store, ports, partner } = desk;
  for (;;) {
    const [job] = jobsOf(store);
    if (job === undefined) return null;
    const now = ports.clock.now();
    if (job.at > now) return job.at;
    if (isSpent(desk)) return now;
    desk.budget -= PAGE_CALLS;
    const after = job.modules.length === 0 ? job : await step(desk, job, now);
    const finished = after.modules.length === 0;
    // The operator's view first: a crash between the two repeats a page, the other order would leave it RUNNING for good.
    await pulls.save(pullOf(partner.id, after, finished ? ports.clock.now() : null), job.mode);
    const [, ...others] = jobsOf(store);
    store.set(JOBS, finished ? others : [after, ...others]);
  }
}

/** The partner is not there to be pulled from any more. */
export async function failPulls({ partner, ports, store, pulls }: PullDesk, why: string): Promise<void> {
  for (const job of jobsOf(store)) {
    const ended = { ...job, modules: [], failed: true, problems: [...job.problems, why] };
    await pulls.save(pullOf(partner, ended, ports.clock.now()), job.mode);
  }
  store.set(JOBS, null);
}

/** One page: got, stored, counted. */
async function step(desk: Desk, job: Job, now: number): Promise<Job> {
  const { ports, partner, store } = desk;
  const [module = "", ...others] = job.modules;
  const begun = job.state === null ? now : job.begun;
  const state = job.state ?? startPull(job.mode === "delta" ? store.get<number>(`pulled:${module}`) : null);
  const page = await pullPage(ports, partner, module, state);
  if (page.outcome === "retry") return again(desk, job, page);
  const stored = await storePage(desk, module, page);
  if (stored === null)
    return again(desk, job, { ...page, message: "The partner changed while its objects were being stored" });

  const counts = { ...job.counts, [module]: add(job.counts[module] ?? noCounts(), page, stored) };
  const next: Job = { ...job, counts, begun, tries: 0 };
  if (page.outcome === "more") return { ...next, state: page.state };
  if (page.outcome === "done") store.set(`pulled:${module}`, begun);
  const problems = page.message === null ? job.problems : [...job.problems, `${module}: ${page.message}`];
  return { ...next, modules: others, state: null, problems, failed: job.failed || page.outcome === "failed" };
}

function again(desk: Desk, job: Job, page: PullPage): Job {
  const tries = job.tries + 1;
  const [module, ...others] = job.modules;
  if (tries >= TRIES) {
    const problems = [...job.problems, `${module}: ${page.message ?? "no answer"}`];
    return { ...job, modules: others, state: null, tries: 0, failed: true, problems };
  }
  const asked = page.retryAfterMs === null ? 0 : boundedRetryAfter(page.retryAfterMs);
  const delay = Math.max(asked, backoff(tries, desk.ports.ids.random(), 500, 60_000));
  return { ...job, tries, at: desk.ports.clock.now() + delay };
}

type Stored = Pick<PullModuleCounts, "stored" | "unchanged" | "rejected">;

/** Stores what a page brought of the partner's own; null: not now, the page is to be got again. */
async function storePage(desk: Desk, module: string, page: PullPage): Promise<Stored | null> {
  const { ports, partner, version } = desk;
  const results = await storePulled(ports, partner, version, module, page.objects);
  // A session is told to its own Durable Object.
  if (module === "sessions") desk.budget -= results.length;
  if (results.some((result) => !result.ok && result.error.kind === "unavailable")) return null;
  const stored = results.filter((result) => result.ok && ["created", "updated"].includes(result.value)).length;
  const accepted = results.filter((result) => result.ok).length;
  const foreign = page.objects.length - results.length;
  const rejected = page.rejected.length + foreign + results.length - accepted;
  if (rejected > 0) {
    const first = page.rejected[0];
    const why =
      first === undefined
        ? ""
        : `${first.id ?? first.pointer}: ${first.faults[0]?.pointer} ${first.faults[0]?.message}`;
    ports.log.write("warn", "pulled objects rejected", { partner: partner.id, module, rejected, foreign, first: why });
  }
  return { stored, unchanged: accepted - stored, rejected };
}

function add(counts: PullModuleCounts, page: PullPage, { stored, unchanged, rejected }: Stored): PullModuleCounts {
  const read = page.outcome === "failed" ? 0 : 1;
  return {
    pages: counts.pages + read,
    received: counts.received + page.objects.length + page.rejected.length,
    stored: counts.stored + stored,
    unchanged: counts.unchanged + unchanged,
    rejected: counts.rejected + rejected,
  };
}

const noCounts = (): PullModuleCounts => ({ pages: 0, received: 0, stored: 0, unchanged: 0, rejected: 0 });

const jobsOf = (store: PumpStore): Job[] => store.get<Job[]>(JOBS) ?? [];

const pullOf = (partner: string, job: Job, finishedAt: number | null): Pull => ({
  id: job.id,
  partner,
  status: finishedAt === null ? "RUNNING" : job.failed ? "FAILED" : "DONE",
  modules: job.counts,
  started_at: job.startedAt,
  finished_at: finishedAt,
  error: job.problems.length === 0 ? null : job.problems.join("; "),
});
