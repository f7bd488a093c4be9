import * as Plot from '@observablehq/plot';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { html, type Html } from '../page/html.ts';
import { shorten, showCount, showTick } from '../page/numbers.ts';
import { emptySection, grid, section, type Section } from '../page/section.ts';
import type { InsightRow, ReportModel, ReportSource } from '../source/report-source.ts';

/** Features that are shown. */
const MOST_FEATURES = 12;
const MOST_EFFECTS = 6;

/**
 * What models have learnt: which features matter, and how they move a forecast.
 * @param source of the report
 * @returns the section
 */
export function explanationsSection({ models }: ReportSource): Section {
  const [id, title] = ['explanations', 'What the models have learnt'];
  const explained = models.filter(({ insights }) => (insights['importance']?.length ?? 0) > 0);
  if (explained.length === 0)
    return emptySection(
      id,
      title,
      'No model of this run explains itself. Boosted trees do, when they are evaluated: importance of features, and their effects by SHAP values.',
    );
  return section(id, title, ...explained.map(explain));
}

function explain({ model, insights }: ReportModel): Html {
  const importance = insights['importance']!;
  const effects = insights['effects'] ?? [];
  const cohorts = sampleSize(effects);
  const charts = [
    barChart(importance, 'meanShap', {
      title: 'Importance by SHAP values',
      note: 'how far a feature moves a forecast from the average of all, on average',
      axis: 'mean |SHAP value| (log odds)',
      rows: `${showCount(importance.length)} features, ${showCount(cohorts)} cohorts explained`,
    }),
    barChart(importance, 'gain', {
      title: 'Importance by gain',
      note: 'how much the splits on a feature have lowered the loss in training',
      axis: 'gain (sum over splits)',
      rows: `${showCount(importance.length)} features; splits of all trees`,
    }),
    ...importance.slice(0, MOST_EFFECTS).flatMap(
      ({ feature }) =>
        effectChart(
          String(feature),
          effects.filter((row) => row['feature'] === feature),
        ) ?? [],
    ),
  ];
  return html`<h3>${model}</h3>
    ${grid(charts.map(drawChart))}`;
}

/** All features are of the same cohorts, but for missing values. */
function sampleSize(effects: readonly InsightRow[]): number {
  const sums = Map.groupBy(effects, (row) => row['feature']);
  return Math.max(
    0,
    ...[...sums.values()].map((rows) => rows.reduce((sum, row) => sum + Number(row['cohorts']), 0)),
  );
}

function barChart(
  importance: readonly InsightRow[],
  value: string,
  words: { title: string; note: string; axis: string; rows: string },
): Chart {
  const rows = importance.toSorted((a, b) => Number(b[value]) - Number(a[value])).slice(0, MOST_FEATURES);
  return {
    ...words,
    note: `${words.note}${importance.length > MOST_FEATURES ? `; the ${MOST_FEATURES} most important` : ''}`,
    plot: ({ isNarrow, width }) => {
      const label = (feature: string): string => shorten(feature, isNarrow ? 18 : 28);
      return {
        width,
        height: 56 + rows.length * 22,
        marginLeft: 14 + 6.6 * Math.max(...rows.map(({ feature }) => label(String(feature)).length)),
        marginRight: 16,
        marginTop: 6,
        marginBottom: 44,
        x: {
          label: words.axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: isNarrow ? 3 : 4,
          tickFormat: showTick,
          nice: true,
        },
        y: {
          domain: rows.map(({ feature }) => String(feature)),
          label: null,
          tickFormat: label,
          tickSize: 0,
          padding: 0.3,
        },
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 4 }),
          Plot.barX(rows, {
            x: value,
            y: 'feature',
            fill: COLORS.first,
            title: (row: InsightRow) => `${row['feature']}: ${Number(row[value]).toPrecision(3)}`,
          }),
        ],
      } as Plot.PlotOptions;
    },
  };
}

function effectChart(feature: string, rows: readonly InsightRow[]): Chart | null {
  if (rows.length === 0) return null;
  const isNumeric = rows.every((row) => row['value'] !== '' && Number.isFinite(Number(row['value'])));
  const cohorts = rows.reduce((sum, row) => sum + Number(row['cohorts']), 0);
  const words = {
    title: `Effect of ${feature}`,
    note: isNumeric ? 'mean of each tenth of the cohorts' : 'the most frequent categories',
    rows: `${showCount(cohorts)} cohorts`,
  };
  return isNumeric ? numericEffect(feature, rows, words) : categoryEffect(rows, words);
}

const SHAP_AXIS = 'effect on the forecast (log odds)';

function numericEffect(feature: string, rows: readonly InsightRow[], words: Omit<Chart, 'plot'>): Chart {
  const points = rows
    .map((row) => ({ value: Number(row['value']), shap: Number(row['shap']) }))
    .sort((a, b) => a.value - b.value);
  return {
    ...words,
    plot: ({ width }) =>
      ({
        width,
        height: 220,
        marginLeft: 52,
        marginRight: 16,
        marginTop: 28,
        marginBottom: 44,
        x: {
          label: `${feature} (units of the feature)`,
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: 5,
          inset: 8,
        },
        y: { label: SHAP_AXIS, tickFormat: showTick, labelArrow: 'none', ticks: 5, nice: true },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.ruleY([0], { stroke: COLORS.muted }),
          Plot.line(points, { x: 'value', y: 'shap', stroke: COLORS.first, strokeWidth: 2 }),
          Plot.dot(points, { x: 'value', y: 'shap', fill: COLORS.first, r: 3.5 }),
        ],
      }) as Plot.PlotOptions,
  };
}

function categoryEffect(rows: readonly InsightRow[], words: Omit<Chart, 'plot'>): Chart {
  const sorted = rows.toSorted((a, b) => Number(b['shap']) - Number(a['shap']));
  return {
    ...words,
    plot: ({ isNarrow, width }) => {
      const label = (value: string): string => shorten(value, isNarrow ? 16 : 26);
      return {
        width,
        height: 56 + sorted.length * 22,
        marginLeft: 16 + 6.6 * Math.max(...sorted.map((row) => label(String(row['value'])).length)),
        marginRight: 16,
        marginTop: 6,
        marginBottom: 44,
        x: {
          label: SHAP_AXIS,
          tickFormat: showTick,
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: isNarrow ? 3 : 5,
          nice: true,
          inset: 6,
        },
        y: { domain: sorted.map((row) => String(row['value'])), label: null, tickFormat: label, tickSize: 0 },
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.ruleX([0], { stroke: COLORS.muted }),
          Plot.dot(sorted, {
            x: (row: InsightRow) => Number(row['shap']),
            y: 'value',
            r: 5,
            fill: COLORS.first,
          }),
        ],
      } as Plot.PlotOptions;
    },
  };
}
