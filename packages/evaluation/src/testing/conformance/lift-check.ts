import { float64Column, formatWeek, type Batch, type Tables, type Week } from '@hemline/core';
import { assert, type ConformanceCheck } from './check.ts';
import { BAIT_COLUMNS, baited, multipliedDemand, type BaitColumn } from './multiplied-tables.ts';
import type { Subject } from './subject.ts';

/** From this discount on, demand is made larger so that its effect cannot be missed … */
const PROMOTED = 0.3;
/** … by this factor, */
const PROMOTION = 6;
/** and of the twenty-fold demand that half price then brings, this much has to be forecast. */
const LEAST_LIFT = 2;
const HALF_PRICE = 0.5;
/** The promoted week of a plan, 0-based: neither the first nor the last. */
const PROMOTED_WEEK = 2;

/**
 * The check that a model learns what it is told of the discount, and that the week it was planned for is the one that is forecast.
 * What explains demand better than the discount does, and is missing when forecasting, keeps it from that: the label above all.
 * @param subject the model under test
 * @returns the check
 */
export function liftCheck(subject: Subject): ConformanceCheck {
  const { model, options } = subject;
  const skip =
    model.quantity !== 'demand'
      ? `no demand but ${model.quantity}`
      : !model.capabilities.trains
        ? 'the model does not train'
        : !model.capabilities.monotoneIn.includes('discount')
          ? 'not declared in capabilities.monotoneIn'
          : options.givenLift;
  return {
    name: 'an effect of the discount that cannot be missed is learnt, and forecast in its week',
    ...(skip === undefined ? {} : { skip }),
    run: () => demandLift(subject),
  };
}

async function demandLift(subject: Subject): Promise<void> {
  const tables = await promoted(subject);
  const { rows, week } = await promotedPlan(subject);
  const { lift, planned } = await subject.withFitted(
    async (fitted) => ({
      lift: liftOf(await subject.ask(fitted, 'grid', { tables })),
      planned: await subject.ask(fitted, 'planned', { tables, scenarios: { kind: 'planned', rows } }),
    }),
    tables,
  );
  if (!(lift >= LEAST_LIFT))
    throw new Error(
      `where demand was ${PROMOTION} times what it is, from ${100 * PROMOTED} % discount on, half price is forecast to sell ` +
        `${lift.toPrecision(3)} times what no discount does; expected at least ${LEAST_LIFT} times: ${await culprit(subject)}`,
    );
  const byWeek = totals(Float64Array.from(planned.weeks('week')), planned.floats('demand'));
  for (const other of byWeek.keys())
    assert(
      other === week || byWeek.get(other)! < byWeek.get(week)!,
      `only ${formatWeek(week)} is planned at half price, and more is forecast for ${formatWeek(other)}: look for a ` +
        "week that is one off, where a planned row's discount is read or its forecast is written",
    );
}

async function promoted(subject: Subject, plain?: BaitColumn): Promise<Tables> {
  return multipliedDemand(await baited(subject.tables, baits(subject), plain), ({ discount }) =>
    discount >= PROMOTED ? PROMOTION : 1,
  );
}

function baits({ options: { knownAtStart = [] } }: Subject): readonly BaitColumn[] {
  return BAIT_COLUMNS.filter((column) => !knownAtStart.includes(column));
}

/** The plan with one week at half price and all others without discount. */
async function promotedPlan(subject: Subject): Promise<{ readonly rows: Batch; readonly week: Week }> {
  const plan = await subject.plan();
  const weeks = plan.weeks('week');
  const order = [...new Set(weeks)].sort((a, b) => a - b);
  const week = order[Math.min(PROMOTED_WEEK, order.length - 1)]!;
  const discounts = Float64Array.from(weeks, (each) => (each === week ? HALF_PRICE : 0));
  return { rows: plan.with({ discount: float64Column(discounts) }), week };
}

function liftOf(grid: Batch): number {
  const byDiscount = totals(grid.floats('discount'), grid.floats('demand'));
  return byDiscount.get(HALF_PRICE)! / byDiscount.get(0)!;
}

/** Tries each column that may have explained the demand: without it, the discount has to. */
async function culprit(subject: Subject): Promise<string> {
  for (const column of baits(subject)) {
    const tables = await promoted(subject, column);
    const ask = (fitted: Parameters<Subject['ask']>[0]): Promise<Batch> =>
      subject.ask(fitted, 'grid', { tables });
    if (liftOf(await subject.withFitted(ask, tables)) >= LEAST_LIFT)
      return (
        `look for weekly.${column} of the week itself among the inputs of training; where it tells nothing of demand, the discount ` +
        'is learnt. Nobody knows it ahead, so that it is missing when forecasting'
      );
  }
  return (
    'look for the label among the inputs of training (demand of the week itself, which explains it better than the discount and is ' +
    "missing when forecasting), and for the discount of another week in an example's row"
  );
}

function totals(keys: Float64Array, values: Float64Array): Map<number, number> {
  const found = new Map<number, number>();
  for (const [row, key] of keys.entries()) found.set(key, (found.get(key) ?? 0) + values[row]!);
  return found;
}
