import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** How the kernel is told what to show of a value (https://docs.deno.com/runtime/reference/cli/jupyter/). */
const DISPLAY = Symbol.for('Jupyter.display');

/** A value that a notebook shows in the richest form that it can. */
export type Shown = Readonly<Record<symbol, () => Readonly<Record<string, string>>>>;

/** As much of a data frame as is shown. */
export interface Frame {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
}

/**
 * A plot as static SVG, which stays in the notebook and in what is exported of it.
 * @param options of Observable Plot
 * @returns what the kernel shows
 */
export function plot(options: Plot.PlotOptions): Shown {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const element = Plot.plot({ width: 720, ...options, document }) as unknown as { outerHTML: string };
  return shown({ 'text/html': element.outerHTML, 'text/plain': 'a plot' });
}

/**
 * A data frame as a table.
 * @param frame of danfojs
 * @param rows shown at most
 * @returns what the kernel shows
 */
export function table({ columns, index, values }: Frame, rows = 20): Shown {
  // Numbers that only count the rows say nothing.
  const isNamed = index.some((name) => typeof name === 'string');
  const head = isNamed ? ['', ...columns] : columns;
  const cells = (values as unknown[][])
    .slice(0, rows)
    .map((row, i) => [...(isNamed ? [index[i]] : []), ...row].map(text));
  const html = [
    `<table><thead><tr>${head.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr></thead><tbody>`,
    ...cells.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`),
    '</tbody></table>',
  ].join('');
  const plain = [head, ...cells].map((row) => row.join('\t')).join('\n');
  return shown({ 'text/html': html, 'text/plain': plain });
}

function shown(forms: Readonly<Record<string, string>>): Shown {
  return { [DISPLAY]: () => forms };
}

function text(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : String(value);
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
