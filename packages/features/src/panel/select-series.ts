import { takeRows } from '@hemline/core';
import type { FilledPanel } from './filled-panel.ts';

/**
 * Some series of a panel. Copies, unless all are kept.
 * @param panel with every week
 * @param keep whether to keep a series, by its 0-based number
 * @returns the kept series, in order
 */
export function selectSeries(panel: FilledPanel, keep: (series: number) => boolean): FilledPanel {
  const kept: number[] = [];
  for (let series = 0; series < panel.series.length; series++) if (keep(series)) kept.push(series);
  if (kept.length === panel.series.length) return panel;
  const offsets = new Uint32Array(kept.length + 1);
  kept.forEach((series, i) => {
    offsets[i + 1] = offsets[i]! + panel.offsets[series + 1]! - panel.offsets[series]!;
  });
  const rows = new Uint32Array(offsets.at(-1)!);
  kept.forEach((series, i) => {
    for (let row = offsets[i]!; row < offsets[i + 1]!; row++)
      rows[row] = panel.offsets[series]! + row - offsets[i]!;
  });
  const taken = takeRows(panel.rows, rows);
  return {
    rows: taken,
    offsets,
    weeks: taken.weeks('week'),
    series: takeRows(panel.series, Uint32Array.from(kept)),
    observed: Uint8Array.from(rows, (row) => panel.observed[row]!),
    ends: Int32Array.from(kept, (series) => panel.ends[series]!),
  };
}
