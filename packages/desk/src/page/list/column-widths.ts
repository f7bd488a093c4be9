/** Columns of the list, in their order, with their least width in pixels; `rank`: which go first where room is short. */
const WIDTHS = [
  { name: 'select', width: 36, rank: 0 },
  { name: 'image', width: 40, rank: 9 },
  { name: 'article', width: 190, rank: 0 },
  { name: 'market', width: 66, rank: 1 },
  { name: 'today', width: 70, rank: 2 },
  { name: 'recommended', width: 126, rank: 0 },
  { name: 'chosen', width: 80, rank: 4 },
  { name: 'gain', width: 150, rank: 0 },
  { name: 'stock', width: 74, rank: 6 },
  { name: 'cover', width: 82, rank: 5 },
  { name: 'support', width: 82, rank: 8 },
  { name: 'reason', width: 132, rank: 7 },
  { name: 'state', width: 116, rank: 1 },
] as const;

export type ColumnName = (typeof WIDTHS)[number]['name'];

/**
 * @param width that the list has, in pixels
 * @returns the columns that fit, in their order; what a decision needs most stays longest
 */
export function columnsFor(width: number): readonly ColumnName[] {
  const columns = [...WIDTHS];
  const needed = (): number => columns.reduce((sum, column) => sum + column.width, 0);
  while (needed() > width) {
    const last = columns.reduce((a, b) => (b.rank > a.rank ? b : a));
    if (last.rank === 0) break;
    columns.splice(columns.indexOf(last), 1);
  }
  return columns.map(({ name }) => name);
}

/**
 * @param columns that are seen
 * @returns what CSS calls grid-template-columns; article and reason take what is left
 */
export function templateOf(columns: readonly ColumnName[]): string {
  return WIDTHS.filter(({ name }) => columns.includes(name))
    .map(({ name, width }) =>
      name === 'article'
        ? `minmax(${width}px, 2fr)`
        : name === 'reason'
          ? `minmax(${width}px, 1fr)`
          : `${width}px`,
    )
    .join(' ');
}
