import {
  DataError,
  addWeeks,
  checkCutoff,
  formatWeek,
  listing,
  parseWeek,
  type QuantityName,
} from '@hemline/core';
import type { ModelVersion } from '@hemline/runs';
import { mainMetric } from './main-metric.ts';
import { doneBefore } from './same-work.ts';
import type { DataFacts, DatasetPlan, ModelPlan, PlannedVersion, RunState, Summary } from './state.ts';
import type { StepServices } from './step-services.ts';

/** What is to be planned. */
export interface PlanRequest {
  readonly state: RunState;
  /** Tables that the declaration says the data has. */
  readonly tables: readonly string[];
  readonly models: readonly {
    readonly name: string;
    readonly quantity: QuantityName;
    readonly maturityWeeks: number;
    readonly evaluationWeeks: number;
  }[];
  readonly perCutoff: boolean;
}

/** Weeks, tables and versions that an execution works with. */
export interface Plan {
  readonly dataset: DatasetPlan;
  /** In the order of the declaration. */
  readonly models: readonly { readonly model: string; readonly plan: ModelPlan }[];
  /** What the execution that was waited for has made of the same data: there is nothing left to do. */
  readonly done?: Summary;
}

/**
 * Settles once what all jobs of an execution use: the weeks, where the tables are, and the latest approved version of each
 * model. Were it read by every job, two shards could forecast with different models.
 * @param request of the state machine
 * @param services of the place
 * @returns the plan
 * @throws DataError when the data lacks a table, or a cutoff is none of its weeks
 */
export async function plan(request: PlanRequest, services: StepServices): Promise<Plan> {
  const { state, models, tables } = request;
  const facts = await readFacts(state, services);
  const missing = tables.filter((table) => facts.tables[table] === undefined);
  if (missing.length > 0)
    throw new DataError('the data lacks tables that the workflow was declared for', {
      expected: listing(tables, 20),
      found: listing(Object.keys(facts.tables), 20),
      where: { file: state.data },
      remedy: `Deliver ${missing.join(', ')}, or take it out of the declaration's tables.`,
    });
  const lastWeek = parseWeek(facts.lastWeek);
  const cutoffs = (state.parameters.cutoffs ?? []).map((text) => {
    const cutoff = parseWeek(text);
    checkCutoff(cutoff, lastWeek);
    return cutoff;
  });
  if (request.perCutoff && cutoffs.length === 0)
    throw new DataError('the backtest has no cutoff', {
      expected: 'parameters.cutoffs: ["2026-01-05", …]',
      found: 'none',
    });
  const done = await doneBefore(state, facts.fingerprint, services);
  const planOf = async (model: PlanRequest['models'][number]): Promise<Plan['models'][number]> => {
    const heldOut = addWeeks(lastWeek, -(model.maturityWeeks + model.evaluationWeeks));
    const horizon = String(model.evaluationWeeks);
    const { registry } = services;
    const approved = request.perCutoff ? null : await registry.latestApproved(model.name, facts.name);
    const standIn =
      approved === null ? null : await registry.latestApproved(model.name, facts.name, approved.version);
    return {
      model: model.name,
      plan: {
        quantity: model.quantity,
        latest: facts.lastWeek,
        heldOut: { cutoff: formatWeek(heldOut), horizon },
        cutoffs: cutoffs.map((cutoff) => ({ cutoff: formatWeek(cutoff), horizon })),
        approved: approved === null ? null : { ...planned(approved), metrics: approved.metrics },
        standIn:
          standIn === null
            ? null
            : { ...planned(standIn), error: standIn.metrics[mainMetric(model.quantity)] ?? null },
      },
    };
  };
  return {
    dataset: {
      name: facts.name,
      fingerprint: facts.fingerprint,
      lastWeek: facts.lastWeek,
      tables: Object.fromEntries(
        Object.entries(facts.tables).map(([name, place]) => [name, `${state.data}${place}`]),
      ),
      descriptor: `${state.facts!.uri}dataset.json`,
    },
    models: await Promise.all(models.map(planOf)),
    ...(done === null ? {} : { done }),
  };
}

function planned({ model, version, artifact, run, cutoff }: ModelVersion): PlannedVersion {
  return { model, version, artifact, run, cutoff };
}

async function readFacts(state: RunState, { files }: StepServices): Promise<DataFacts> {
  const uri = `${state.facts!.uri}facts.json`;
  const text = await files.read(uri);
  if (text !== null) return JSON.parse(text) as DataFacts;
  throw new DataError('the check of the data has left nothing', {
    expected: 'facts.json',
    found: 'nothing',
    where: { file: uri },
    remedy: 'Start the run again: the data is then checked anew.',
  });
}
