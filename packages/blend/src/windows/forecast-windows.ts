import { HemlineError, Tables, type AnyModel, type FittedModel, type TableName } from '@hemline/core';
import type { Tables as AllTables } from '@hemline/core';
import type { HeldOutWindow } from './held-out-windows.ts';

/** Rows that a member is asked for at once. */
const BATCH_ROWS = 65_536;

/** What a member forecasts of the rows of a window. */
export interface WindowForecasts {
  readonly demand: Float64Array;
  readonly support: Float64Array;
}

/**
 * Asks a held-out fit about the weeks held out, at the discounts that there were.
 * @param model of the fit
 * @param fitted that has learnt from nothing after the first origin
 * @param windows to forecast
 * @param tables up to the cutoff of the training
 * @param signal stops it
 * @returns forecasts by window
 * @throws HemlineError when a forecast is missing or no number
 */
export async function forecastWindows(
  model: AnyModel,
  fitted: FittedModel,
  windows: readonly HeldOutWindow[],
  tables: AllTables,
  signal?: AbortSignal,
): Promise<WindowForecasts[]> {
  const forecasts: WindowForecasts[] = [];
  for (const { cutoff, rows, items } of windows) {
    const known = tables.asOf(cutoff);
    const names = Object.keys(model.inputs.predict) as TableName[];
    const history = new Tables(names.flatMap((name) => known.find(name) ?? []));
    const found = { demand: new Float64Array(rows.length), support: new Float64Array(rows.length) };
    let next = 0;
    const scenarios = { kind: 'planned', rows } as const;
    for await (const batch of fitted.predict({
      cutoff,
      items,
      history,
      scenarios,
      batchRows: BATCH_ROWS,
      signal,
    })) {
      found.demand.set(batch.floats('demand'), next);
      found.support.set(batch.floats('support'), next);
      next += batch.length;
    }
    const odd = found.demand.find((units) => !Number.isFinite(units));
    if (next !== rows.length || odd !== undefined)
      throw new HemlineError(`${model.name} does not forecast all of the weeks held out`, {
        expected: `${rows.length} finite forecasts`,
        found: odd === undefined ? `${next} forecasts` : String(odd),
      });
    forecasts.push(found);
  }
  return forecasts;
}
