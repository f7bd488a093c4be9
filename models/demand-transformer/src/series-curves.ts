import {
  addWeeks,
  type Batch,
  concatBatches,
  KeyIndex,
  SERIES_KEY,
  takeRows,
  throwIfAborted,
  weeksBetween,
  type ForecastRequest,
} from '@hemline/core';
import { CURVE_SLOPES, CURVE_WIDTH, type FilledPanel, requestPanels } from '@hemline/features';
import { OUTPUT_WIDTH } from './fitted-network.ts';
import type { FittedParts } from './fit.ts';
import { attributesOf, weeklyColumns } from './columns-read.ts';
import { joinArrays } from './series-store.ts';
import { dispersionOf } from './spread-calibration.ts';
import { storeOf } from './store-builder.ts';
import { cutParts, NETWORK_INPUTS } from './window-parts.ts';
import { Windows } from './windows.ts';

/** Rows of a panel, about: the store made of it takes as much again, and curves some megabytes more. */
const PANEL_ROWS = 65_536;

/** Demand curves of some series: one for each week ahead. */
export interface SeriesCurves {
  /** `article` and `market`. */
  readonly keys: Batch;
  /** Weeks ahead that there are curves of, from the first after the cutoff on. */
  readonly horizon: number;
  /** Curves, `[(series * horizon + week) * CURVE_WIDTH]`. */
  readonly curves: Float64Array;
  /** Variance of demand over its squared mean, `[series * horizon + week]`. */
  readonly dispersion: Float64Array;
  /** Weeks of its own that each series' level rests on. */
  readonly support: Float64Array;
}

/**
 * Works out the demand curves of a partition, a few series at a time: those with a history, then those that are only planned,
 * then those of which nothing but attributes is known.
 * @param parts of the fitted model
 * @param parts.inferenceBatch series that the network is asked about at once
 * @param request cutoff, items, history
 * @param plan what is known ahead, or null
 * @param wanted `article` and `market` of those that are wanted; all items by default
 * @yields curves of whole series
 */
export async function* seriesCurves(
  parts: FittedParts & { readonly inferenceBatch: number },
  request: Omit<ForecastRequest, 'scenarios'>,
  plan: Batch | null,
  wanted: Batch = request.items,
): AsyncGenerator<SeriesCurves> {
  const { cutoff, history: tables, signal } = request;
  const { columns, shape } = parts;
  const weekly = await parts.history.weekly(tables, cutoff, signal);
  const names = weekly.schema.fields.map(({ name }) => name);
  const options = {
    columns: weeklyColumns(names, columns),
    attributes: attributesOf(columns),
    until: addWeeks(cutoff, shape.horizon),
    panelRows: PANEL_ROWS,
  };
  const asked = new KeyIndex(SERIES_KEY);
  asked.add(wanted);
  const panels = await requestPanels(request, weekly, plan, options);
  for await (const panel of panels()) yield* ofPanel(parts, panel, request, asked);
}

function* ofPanel(
  parts: FittedParts & { readonly inferenceBatch: number },
  panel: FilledPanel,
  { cutoff, signal }: Pick<ForecastRequest, 'cutoff' | 'signal'>,
  asked: KeyIndex,
): Generator<SeriesCurves> {
  const { columns, encoders, shape, spread, network, inferenceBatch } = parts;
  const { horizon } = shape;
  const store = storeOf(panel, columns, encoders, cutoff);
  const windows = new Windows(store, shape);
  const wanted = asked.find(store.keys);
  const series = [...wanted.keys()].filter((one) => wanted[one] !== -1);
  for (let start = 0; start < series.length; start += inferenceBatch) {
    throwIfAborted(signal);
    const some = series.slice(start, start + inferenceBatch);
    const rows = some.map((one) => {
      const first = store.offsets[one]!;
      return first + weeksBetween(store.weeks[first]!, cutoff);
    });
    // Always the same shape, so that one graph serves all, and no series depends on how many others there are.
    const output = network.call(cutParts(windows, NETWORK_INPUTS, some, rows, inferenceBatch));
    const curves = new Float64Array(some.length * horizon * CURVE_WIDTH);
    const dispersion = new Float64Array(some.length * horizon);
    const support = new Float64Array(some.length);
    some.forEach((one, i) => {
      const level = windows.levelOf(one, rows[i]!);
      support[i] = level.support;
      const last = store.offsets[one + 1]! - 1;
      for (let week = 0; week < horizon; week++) {
        const cell = i * horizon + week;
        const [from, to] = [cell * OUTPUT_WIDTH, cell * CURVE_WIDTH];
        const row = Math.max(store.offsets[one]!, Math.min(last, rows[i]! + 1 + week));
        curves[to] = level.level + output[from]!;
        curves[to + 1] = windows.positionOf(level, row);
        for (let k = 0; k < CURVE_SLOPES; k++) curves[to + 2 + k] = output[from + 1 + k]!;
        dispersion[cell] = spread[week]! * dispersionOf(output[from + 1 + CURVE_SLOPES]!);
      }
    });
    yield {
      keys: takeRows(store.keys, Uint32Array.from(some)),
      horizon,
      curves,
      dispersion,
      support,
    };
  }
}

/**
 * Puts curves of several batches together.
 * @param all curves of the same horizon
 * @returns one
 */
export function joinCurves(all: readonly SeriesCurves[]): SeriesCurves {
  const joined = (of: (one: SeriesCurves) => Float64Array): Float64Array => joinArrays(all.map(of));
  return {
    keys: concatBatches(all.map(({ keys }) => keys)),
    horizon: all[0]!.horizon,
    curves: joined(({ curves }) => curves),
    dispersion: joined(({ dispersion }) => dispersion),
    support: joined(({ support }) => support),
  };
}
