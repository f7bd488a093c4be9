import {
  addWeeks,
  concatBatches,
  DEFAULT_DISCOUNTS,
  emptyBatch,
  filterRows,
  itemsOf,
  knownAheadColumns,
  parseDiscountGrid,
  QUANTITIES,
  Tables,
  TABLES,
  weeksAhead,
  type AnyModel,
  type ArtifactReader,
  type Batch,
  type FittedModel,
  type ForecastRequest,
  type Members,
  type Scenarios,
  type TableInput,
  type TableName,
  type TrainingJob,
  type Week,
} from '@hemline/core';
import { syntheticTables, type SyntheticTables } from '../synthetic/tables.ts';
import type { SyntheticOptions } from '../synthetic/market.ts';
import type { MemoryArtifact } from '../memory-artifact.ts';
import { tell, trustedArtifact, type Told } from './fitted-copies.ts';
import type { BaitColumn } from './multiplied-tables.ts';

/** As many as have every odd kind of series, and some without. */
const FEW_ARTICLES = 12;

/** How a model is put through the conformance suite. */
export interface ConformanceOptions {
  /** Typed values; the preset `tiny` by default. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  /** Size of the synthetic market. */
  readonly data?: SyntheticOptions;
  /** Relative difference allowed where rows come in another order or batches are cut otherwise; 1e-9 by default. */
  readonly tolerance?: number;
  /** Live tensors of the model's engine; then the suite demands that none is left behind. */
  readonly liveTensors?: () => number;
  /**
   * Why the effect of the discount is no matter of training, such as `'elasticities come from the pricing team'`. Then it is not
   * demanded that a strong one is learnt, and the suite shows that test as skipped, with this reason.
   */
  readonly givenLift?: string;
  /**
   * Columns that nobody knows ahead, and that a fit rightly reads for the week itself, since they are known when it begins: a stock tells
   * why a discount was set. They are no bait.
   */
  readonly knownAtStart?: readonly BaitColumn[];
  /** Definitions of the model's members and of theirs, by name: `await loadMembers(model)` of `@hemline/runtime`. */
  readonly members?: Members;
}

/** Parts of a request or a fit that a check wants otherwise. */
export interface Asked {
  readonly tables?: Tables;
  readonly items?: Batch;
  readonly scenarios?: Scenarios;
  readonly batchRows?: number;
  readonly signal?: AbortSignal;
}

/** Weeks that are forecast: so many after the cutoff. */
interface SubjectWindow {
  readonly cutoff: Week;
  readonly horizon: number;
}

/** A kind of scenarios. */
export type ScenarioKind = Scenarios['kind'];

/** The model under test with the data it is tested on: fits it and asks it the way the runtime does. */
export class Subject {
  readonly model: AnyModel;
  readonly options: ConformanceOptions;
  readonly tables: SyntheticTables;
  /** A market of the same weeks and few articles, for checks that ask not what is forecast but how. */
  readonly few: SyntheticTables;
  /** The last week the model may know: well before the end of the data, so that there is a future to hide. */
  readonly cutoff: Week;
  readonly horizon: number;
  readonly tolerance: number;
  #told: Promise<Told> | null = null;
  #artifact: Promise<MemoryArtifact | null> | null = null;

  /**
   * @param model under test
   * @param options how
   */
  constructor(model: AnyModel, options: ConformanceOptions = {}) {
    this.model = model;
    this.options = options;
    this.tables = syntheticTables(options.data);
    this.few = syntheticTables({ ...options.data, articles: FEW_ARTICLES });
    this.cutoff = addWeeks(this.tables.lastWeek, -12);
    this.horizon = Math.min(6, model.capabilities.maximumHorizon ?? 6);
    this.tolerance = options.tolerance ?? 1e-9;
  }

  /** The hyperparameters, as the model's own schema gives them. */
  get hyperparameters(): Record<string, unknown> {
    const given = this.options.hyperparameters ?? this.model.presets['tiny'] ?? {};
    return this.model.hyperparameters.parse(given) as Record<string, unknown>;
  }

  /**
   * Hides what became known after the cutoff, as the runtime does.
   * @param tables with a future
   * @returns tables without
   */
  cut(tables: Tables): Tables {
    return tables.asOf(this.cutoff);
  }

  /**
   * Fits on the tables as of the cutoff.
   * @param tables the synthetic ones by default; cut at the cutoff here, as the runtime does
   * @param job parts of the job to replace
   * @returns the fitted model
   */
  fit(tables: Tables = this.tables, job: Partial<TrainingJob> = {}): Promise<FittedModel> {
    const seen = declared(this.cut(tables), this.model.inputs.fit);
    return this.model.fit(
      { cutoff: this.cutoff, seed: this.options.seed ?? 7, members: this.options.members, ...job },
      seen,
      this.hyperparameters,
    );
  }

  /**
   * Loads the way the runtime does.
   * @param artifact what was saved
   * @returns the fitted model
   */
  load(artifact: ArtifactReader): Promise<FittedModel> {
    return this.model.load(artifact, this.options.members);
  }

  /**
   * Runs with a fitted model and disposes of it.
   * @param use what to do with it
   * @param tables to fit on
   * @returns what `use` gave
   */
  async withFitted<T>(use: (fitted: FittedModel) => Promise<T>, tables?: Tables): Promise<T> {
    const fitted = await this.fit(tables);
    try {
      return await use(fitted);
    } finally {
      fitted.dispose();
    }
  }

  /**
   * Runs with a model of the unchanged tables that nobody has asked anything yet, and disposes of it. For checks of `predict`: what
   * they are about is a function of what was learnt, and that is learnt once.
   * @param use what to do with it
   * @returns what `use` gave
   */
  async withCopy<T>(use: (fitted: FittedModel) => Promise<T>): Promise<T> {
    this.#artifact ??= this.told().then((told) =>
      trustedArtifact(this, told, QUANTITIES[this.model.quantity].key),
    );
    const artifact = await this.#artifact;
    if (artifact === null) return this.withFitted(use);
    const copy = await this.load(artifact);
    try {
      return await use(copy);
    } finally {
      copy.dispose();
    }
  }

  /**
   * All items of the market, those that appear in the plan alone included.
   * @param tables where from
   * @returns one row per item
   */
  items(tables: Tables = this.tables): Promise<Batch> {
    return itemsOf(tables.get('weekly'), tables.find('articles'), tables.find('markets'));
  }

  /**
   * The weekly rows of the horizon, as they are known ahead: without demand, sales or stock.
   * @param tables where from
   * @param columns what to read; all that is known ahead by default
   * @param window another cutoff and horizon
   * @returns the plan
   */
  async plan(
    tables: Tables = this.tables,
    columns?: readonly string[],
    { cutoff, horizon }: SubjectWindow = this,
  ): Promise<Batch> {
    const weekly = tables.get('weekly');
    const wanted = columns ?? knownAheadColumns(weekly.schema);
    const until = addWeeks(cutoff, horizon);
    const batches: Batch[] = [];
    for await (const batch of weekly.batches({ columns: wanted })) {
      const weeks = batch.weeks('week');
      batches.push(filterRows(batch, (row) => weeks[row]! > cutoff && weeks[row]! <= until));
    }
    return batches.length === 0 ? emptyBatch(weekly.schema, wanted) : concatBatches(batches);
  }

  /**
   * @param kind of scenarios
   * @param plan rows known ahead
   * @param window another cutoff and horizon
   * @returns the scenarios: three discounts in every week, or exactly the plan's rows with a discount
   */
  scenarios(kind: ScenarioKind, plan: Batch, { cutoff, horizon }: SubjectWindow = this): Scenarios {
    if (kind === 'grid') {
      const all = parseDiscountGrid(DEFAULT_DISCOUNTS);
      const discounts = Float64Array.of(all[0]!, all[4]!, all[10]!);
      return { kind, weeks: weeksAhead(cutoff, horizon), discounts, plan };
    }
    const discounts = plan.floats('discount');
    return { kind, rows: filterRows(plan, (row) => !Number.isNaN(discounts[row])) };
  }

  /**
   * A request as the runtime would make it.
   * @param kind of scenarios
   * @param asked what to replace
   * @returns the request
   */
  async request(kind: ScenarioKind, asked: Asked = {}): Promise<ForecastRequest> {
    const tables = asked.tables ?? this.tables;
    return {
      cutoff: this.cutoff,
      items: asked.items ?? (await this.items(tables)),
      history: declared(this.cut(tables), this.model.inputs.predict),
      scenarios: asked.scenarios ?? this.scenarios(kind, await this.plan(tables)),
      batchRows: asked.batchRows ?? 1000,
      signal: asked.signal,
    };
  }

  /**
   * Asks a fitted model and joins what it gives.
   * @param fitted the model
   * @param kind of scenarios
   * @param asked what to replace
   * @returns all forecasts
   * @throws Error when a batch has more rows than asked for
   */
  async ask(fitted: FittedModel, kind: ScenarioKind, asked: Asked = {}): Promise<Batch> {
    return this.askRequest(fitted, await this.request(kind, asked));
  }

  /**
   * @param fitted the model
   * @param request what to ask
   * @returns all forecasts
   * @throws Error when a batch has more rows than asked for
   */
  async askRequest(fitted: FittedModel, request: ForecastRequest): Promise<Batch> {
    const batches: Batch[] = [];
    for await (const batch of fitted.predict(request)) {
      if (batch.length > request.batchRows)
        throw new Error(`a batch has ${batch.length} rows; asked for at most ${request.batchRows}`);
      batches.push(batch);
    }
    return batches.length === 0 ? emptyBatch(this.model.output) : concatBatches(batches);
  }

  /**
   * What a model that was fitted on the unchanged tables says; fitted and asked once.
   * @returns its forecasts and its artifact
   */
  told(): Promise<Told> {
    return (this.#told ??= tell(this));
  }

  /** @returns forecasts on the grid of that model */
  async baseline(): Promise<Batch> {
    return (await this.told()).grid;
  }

  /** @returns forecasts of the planned rows by the same model */
  async plannedBaseline(): Promise<Batch> {
    return (await this.told()).planned;
  }
}

/**
 * The tables that a model declares.
 * @param tables all there are
 * @param inputs what the model reads
 * @returns the declared ones among them
 */
export function declared(tables: Tables, inputs: Partial<Readonly<Record<TableName, TableInput>>>): Tables {
  const names = (Object.keys(TABLES) as TableName[]).filter((name) => inputs[name] !== undefined);
  return new Tables(names.flatMap((name) => tables.find(name) ?? []));
}
