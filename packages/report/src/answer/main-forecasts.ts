import type { QuantityName } from '@hemline/core';
import type { ReportModel, ReportSource } from '../source/report-source.ts';
import { unfit } from './unfit.ts';
import { WORDS } from '../sections/quantity-words.ts';

/** A model that has forecast. */
export type ForecastingModel = ReportModel & { readonly forecastBy: NonNullable<ReportModel['forecastBy']> };

/**
 * The model whose forecasts of a quantity are taken where several have made some: the one whose version, the one that forecast, has
 * the least error on weeks that it had not seen, of those that nobody has refused and whose curves do not fall.
 * @param source of the report
 * @param quantity forecast
 * @returns the model; null where none has forecast
 */
export function mainForecasts(
  { models, run }: Pick<ReportSource, 'models' | 'run'>,
  quantity: QuantityName,
): ForecastingModel | null {
  const { metric } = WORDS[quantity];
  const error = ({ forecastBy, evaluation }: ForecastingModel): number =>
    forecastBy.registered?.metrics[metric] ??
    (forecastBy.trainedBy === run.record.run ? evaluation?.metrics[metric] : null) ??
    Infinity;
  const isUnfit = (model: ReportModel): boolean => unfit(model, run.record.run)?.isKnown === false;
  return (
    models
      .filter((each): each is ForecastingModel => each.quantity === quantity && each.forecastBy !== null)
      .sort((a, b) => Number(isUnfit(a)) - Number(isUnfit(b)) || compare(error(a), error(b)))[0] ?? null
  );
}

/** What is no number comes last. */
function compare(a: number, b: number): number {
  const [x, y] = [Number.isNaN(a) ? Infinity : a, Number.isNaN(b) ? Infinity : b];
  return x === y ? 0 : x - y;
}
