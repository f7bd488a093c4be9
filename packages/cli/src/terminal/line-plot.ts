/** Letters of the plot itself, without its labels. */
const WIDTH = 60;
const HEIGHT = 12;

/** A point of a plot, and the letter that it is drawn with. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  readonly mark: string;
}

/** How the axes are told. */
export interface PlotAxes {
  readonly x: string;
  readonly y: string;
  /** @returns a value of the axis as text */
  formatX(value: number): string;
  /** @returns a value of the axis as text */
  formatY(value: number): string;
}

/**
 * Draws points by letters: x to the right, y upwards, both axes from the least to the largest value. Of two points in one place the
 * later is seen.
 * @param points at least one, all finite
 * @param axes titles and numbers
 * @returns lines of text
 */
export function drawPlot(points: readonly PlotPoint[], axes: PlotAxes): string {
  const [left, right] = rangeOf(points.map(({ x }) => x));
  const [bottom, top] = rangeOf(points.map(({ y }) => y));
  const cells = Array.from({ length: HEIGHT }, () => Array.from({ length: WIDTH }, () => ' '));
  for (const { x, y, mark } of points) {
    const column = Math.round(((x - left) / (right - left)) * (WIDTH - 1));
    const row = HEIGHT - 1 - Math.round(((y - bottom) / (top - bottom)) * (HEIGHT - 1));
    cells[row]![column] = mark;
  }
  const labels = new Map([0, Math.floor(HEIGHT / 2), HEIGHT - 1].map((row) => [row, yAt(row, bottom, top)]));
  const texts = [...labels.values()].map((value) => axes.formatY(value));
  const width = Math.max(...texts.map((text) => text.length));
  const lines = cells.map((row, i) => {
    const value = labels.get(i);
    const label = value === undefined ? '' : axes.formatY(value);
    return `${label.padStart(width)} ${value === undefined ? '│' : '┤'}${row.join('')}`.trimEnd();
  });
  const [from, to] = [axes.formatX(left), axes.formatX(right)];
  const middle = axes.x;
  const gap = Math.max(1, WIDTH - from.length - to.length - middle.length);
  const before = Math.floor(gap / 2);
  return [
    `${' '.repeat(width)} ${axes.y}`,
    ...lines,
    `${' '.repeat(width)} └${'─'.repeat(WIDTH)}`,
    `${' '.repeat(width + 2)}${from}${' '.repeat(before)}${middle}${' '.repeat(Math.max(1, gap - before))}${to}`,
  ].join('\n');
}

function yAt(row: number, bottom: number, top: number): number {
  return top - (row / (HEIGHT - 1)) * (top - bottom);
}

/** Never empty: all points may be at one place. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low < high ? [low, high] : [low - 1, high + 1];
}
