import { ArticleBlocks } from '@hemline/pricing';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { HostCosts } from './host-costs.ts';

/** What is priced on which hosts. */
export interface HostPlan {
  readonly articles: number;
  readonly markets: number;
  readonly weeks: number;
  readonly levels: number;
  /** Weeks of history of each series. */
  readonly history: number;
  /** Whether files of the weekly table are sorted by article: then a host reads no rows of others. */
  readonly isSorted: boolean;
  /** Rows of the limits of the business. */
  readonly rows: number;
  readonly hosts: number;
  /** Threads that solve articles on each. */
  readonly threads: number;
  readonly articlesOfBlock: number;
}

/** What hosts and their store are like. Times in seconds, of a median; each draw is log-normal around it. */
export interface Surroundings {
  /** Of one request to the store: put, get, list. */
  readonly put: number;
  readonly get: number;
  readonly list: number;
  /** Standard deviation of the logarithm of a request's time. */
  readonly requestSpread: number;
  readonly requestsAtATime: number;
  /** Bytes a second between a host and the store. */
  readonly bandwidth: number;
  /** Until a host begins: machine, image, inputs. */
  readonly start: number;
  /** Work of a thread of a host in the time of the thread that costs were measured on: of two on one core, less than 1. */
  readonly threadSpeed: number;
  /** Standard deviation of the logarithm of a host's speed, from host to host, and of the same host from stage to stage. */
  readonly hostSpread: number;
  readonly stageSpread: number;
  /** Share of hosts that are slow throughout, and how many times as long they take. */
  readonly slowShare: number;
  readonly slowFactor: number;
  /** Longest pause between two looks at the store. */
  readonly pause: number;
  /** Of a host and hour, in any currency. */
  readonly price: number;
}

/** One stage: all hosts are through it when the slowest is. */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
}

/** How such a pricing went. */
export interface SimulatedPricing {
  readonly stages: readonly Stage[];
  readonly hours: number;
  readonly cost: number;
  /** That the host which leads takes in, of an evaluation of all articles; and that all hosts exchange in all. */
  readonly bytesOfRound: number;
  readonly bytes: number;
  /** Until a start that was ended is where it was, after an evaluation. */
  readonly restart: number;
}

/**
 * Goes through a pricing on several hosts stage by stage, as the job does: what each host has to do takes its measured time, over its
 * threads where the job has several at it, times what chance makes of the host; a stage ends with its slowest host, and with the exchange.
 * @param plan what is priced
 * @param costs on one thread
 * @param around hosts and store
 * @param seed of chance
 * @returns times, bytes, cost
 */
export function simulateHosts(
  plan: HostPlan,
  costs: HostCosts,
  around: Surroundings,
  seed: number,
): SimulatedPricing {
  const run = new Run(plan, around, seed);
  const { articles: A, markets: M, rows: R } = plan;
  const series = A * M;
  const cells = plan.weeks * plan.levels;
  const { own, count } = run;
  const bytesOfRound = A * costs.answerBytes;
  const threads = plan.threads * around.threadSpeed;
  // Reading and telling are work of one thread.
  const one = around.threadSpeed;
  run.stage('start', () => around.start);
  run.stage('survey of the forecast', () => (costs.key * series * cells) / plan.hosts / one, {
    ...{ put: 10 * A, take: 10 * A * plan.hosts },
  });
  run.stage(
    'reading',
    (articles) =>
      (articles * M * cells * (costs.key + costs.demandRow) +
        (plan.isSorted ? articles * M : series) * plan.history * costs.weeklyRow) /
      one,
    { put: 1e5, take: 1e5 * plan.hosts },
  );
  run.stage('checks', (articles) => (articles * costs.check) / one, { put: 4 * own, take: 4 * A });
  const round = (share: number): void => {
    run.stage('solving', (articles) => (share * articles * costs.solve) / threads, {
      put: share * own * costs.answerBytes,
      take: share * bytesOfRound,
      objects: count,
    });
    const between = share * A * (costs.unpack + R * costs.lead) + costs.leadAtLeast;
    run.alone('between evaluations', between / one);
  };
  for (let i = 0; i < costs.samples; i++) round(SAMPLE / Math.max(A, SAMPLE));
  for (let i = 0; i < costs.evaluations; i++) round(1);
  run.stage('plans to their hosts', () => 0, { put: A * costs.answerBytes, take: own * costs.answerBytes });
  run.stage('sums', (articles) => (articles * costs.measure) / one, { put: 1e4, take: 1e4 * count });
  run.stage('tables', (articles) => (articles * costs.write) / one, {
    put: own * M * plan.weeks * 8,
    take: 1e5,
  });
  const stages = run.merged();
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const of = (...names: readonly string[]): number =>
    stages.filter(({ name }) => names.includes(name)).reduce((sum, stage) => sum + stage.seconds, 0);
  return {
    ...{ stages, hours: seconds / 3600, cost: (seconds / 3600) * plan.hosts * around.price },
    ...{ bytesOfRound, bytes: run.bytes },
    restart: of('start', 'survey of the forecast', 'reading', 'checks') + of('between evaluations'),
  };
}

/** Articles of a sample, about. */
const SAMPLE = 2500;

/** What a stage exchanges, in bytes: what a host puts, what whoever waits takes in, and in how many objects. */
interface Traffic {
  readonly put: number;
  readonly take: number;
  readonly objects?: number;
}

class Run {
  /** Articles of the host that has most, and blocks of all. */
  readonly own: number;
  readonly count: number;
  bytes = 0;
  readonly #around: Surroundings;
  readonly #random: ReturnType<typeof xoroshiro128plus>;
  readonly #articles: readonly number[];
  /** Time of each host, in that of one that is as it should be. */
  readonly #slowness: readonly number[];
  readonly #stages: Stage[] = [];

  constructor(plan: HostPlan, around: Surroundings, seed: number) {
    [this.#around, this.#random] = [around, xoroshiro128plus(seed)];
    const names = Array.from({ length: plan.hosts }, (_, i) => `algo-${i + 1}`);
    const blocks = new ArticleBlocks(plan.articles, plan.articlesOfBlock, names);
    this.count = blocks.count;
    this.#articles = blocks.workers.map((host) => {
      const { from, to } = blocks.shareOf(host);
      return to - from;
    });
    this.own = Math.max(...this.#articles);
    this.#slowness = this.#articles.map(() => {
      const isSlow = this.#uniform() < around.slowShare;
      return this.#lognormal(around.hostSpread) * (isSlow ? around.slowFactor : 1);
    });
  }

  /** All hosts work, and then wait for the slowest. */
  stage(name: string, work: (articles: number) => number, traffic?: Traffic): void {
    const { stageSpread } = this.#around;
    const times = this.#articles.map(
      (articles, host) => work(articles) * this.#slowness[host]! * this.#lognormal(stageSpread),
    );
    const slowest = Math.max(...times);
    this.#stages.push({ name, seconds: slowest });
    if (traffic !== undefined) this.#exchange(traffic);
  }

  /** One host works, the first, and all others wait. */
  alone(name: string, work: number): void {
    this.#stages.push({
      name,
      seconds: work * this.#slowness[0]! * this.#lognormal(this.#around.stageSpread),
    });
  }

  /** Stages of one name together, in the order in which they came first. */
  merged(): Stage[] {
    const found = new Map<string, number>();
    for (const { name, seconds } of this.#stages) found.set(name, (found.get(name) ?? 0) + seconds);
    return [...found].map(([name, seconds]) => ({ name, seconds }));
  }

  /** Objects are put one after the other, found by listing, and read several at a time. */
  #exchange({ put, take, objects = this.#articles.length }: Traffic): void {
    const { bandwidth, pause, requestsAtATime } = this.#around;
    const hosts = this.#articles.length;
    const puts = Math.ceil(objects / hosts);
    const slowestPut = Math.max(
      ...Array.from({ length: hosts }, () => this.#requests(this.#around.put, puts)),
    );
    const reads = this.#requests(this.#around.get, Math.ceil(objects / requestsAtATime));
    const seconds =
      slowestPut + this.#requests(this.#around.list, 1) + reads + pause + (put + take) / bandwidth;
    this.bytes += put * hosts + take;
    this.#stages.push({ name: 'exchange', seconds });
  }

  #requests(median: number, count: number): number {
    let seconds = 0;
    for (let i = 0; i < count; i++) seconds += median * this.#lognormal(this.#around.requestSpread);
    return seconds;
  }

  /** Log-normal, of median 1 (Box and Muller). */
  #lognormal(spread: number): number {
    const [u, v] = [Math.max(this.#uniform(), 1e-12), this.#uniform()];
    return Math.exp(spread * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v));
  }

  #uniform(): number {
    return uniformFloat64(this.#random);
  }
}
