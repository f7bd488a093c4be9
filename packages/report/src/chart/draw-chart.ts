import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html, html, type Piece } from '../page/html.ts';

/** What a chart is drawn for: a column of a laptop's page, or a phone. Text has the same size on both. */
export interface ChartSpace {
  readonly isNarrow: boolean;
  /** Pixels. */
  readonly width: number;
}

/** A chart with all that is said about it. */
export interface Chart {
  readonly title: string;
  /** What it shows and how it is read. */
  readonly note: string;
  /** What is behind it, such as `219 rows`. */
  readonly rows: string;
  readonly legend?: readonly LegendEntry[];
  /** @returns the plot for a space; its axes have titles with units */
  plot(space: ChartSpace): Plot.PlotOptions;
  /** Over both columns of a laptop's page. */
  readonly isWide?: boolean;
}

/** What a colour means. */
export interface LegendEntry {
  readonly label: string;
  /** CSS colour. */
  readonly color: string;
  readonly shape?: 'dot' | 'line' | 'dashes' | 'band' | 'ring';
}

/** As much of an element as is needed: the page is made without a browser, and without its types. */
interface PlotElement {
  readonly outerHTML: string;
  querySelectorAll(selector: string): Iterable<{ remove(): void }>;
  setAttribute(name: string, value: string): void;
}

const SPACES = { narrow: 340, column: 552, wide: 1136 } as const;

/**
 * Draws a chart as static SVG, once for laptops and print, once for phones; style sheets show one of them.
 * @param chart to draw
 * @returns a figure
 */
export function drawChart(chart: Chart): Html {
  const { title, note, rows, legend = [], isWide = false } = chart;
  const broad = { isNarrow: false, width: isWide ? SPACES.wide : SPACES.column };
  const narrow = { isNarrow: true, width: SPACES.narrow };
  return html`<figure class="chart${isWide ? ' broad-figure' : ''}">
    <figcaption><strong>${title}</strong><span class="note">${note}</span></figcaption>
    ${legend.length === 0 ? null : drawLegend(legend)}
    <div class="for-broad">${draw(chart, broad)}</div>
    <div class="for-narrow">${draw(chart, narrow)}</div>
    <p class="rows">${rows}</p>
  </figure>`;
}

/** Plot's own style sheet comes with every plot: the page has it once. */
function draw(chart: Chart, space: ChartSpace): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const options = chart.plot(space);
  const element = Plot.plot({
    ...options,
    document,
    width: space.width,
    className: 'plot',
    style: { fontSize: '12px', fontFamily: 'inherit', background: 'none', overflow: 'visible' },
    ariaLabel: `${chart.title}. ${chart.note}`,
  }) as unknown as PlotElement;
  for (const style of [...element.querySelectorAll('style')]) style.remove();
  element.setAttribute('role', 'img');
  return new Html(rounded(element.outerHTML));
}

/** Tenths of a pixel are enough: a page of hundreds of charts is half as large. What is written in the chart stays as it is. */
function rounded(svg: string): string {
  return svg.replace(/ (?:d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform)="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1)))),
  );
}

function drawLegend(entries: readonly LegendEntry[]): Html {
  const items: Piece[] = entries.map(
    ({ label, color, shape = 'dot' }) =>
      html`<li><span class="key ${shape}" style="--key: ${color}"></span>${label}</li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}
