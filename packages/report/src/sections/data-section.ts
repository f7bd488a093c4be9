import { html, type Piece } from '../page/html.ts';
import { showNumber, showPercent } from '../page/numbers.ts';
import { emptySection, section, table, type Section } from '../page/section.ts';
import type { ReportSource } from '../source/report-source.ts';

type Counted = NonNullable<ReportSource['quality']>[number] & { readonly count: number };

/**
 * What the data is short of, though it is valid.
 * @param source of the report
 * @returns the section
 */
export function dataSection({ quality, dataRows }: ReportSource): Section {
  const [id, title] = ['data', 'Data quality'];
  if (quality === null)
    return emptySection(
      id,
      title,
      'This run has not looked for what its data is short of. A weekly run does, in its first step; other commands only check that the data is valid.',
    );
  const found = quality.filter((finding): finding is Counted => finding.count !== null && finding.count > 0);
  const unknown = quality.filter(({ count }) => count === null);
  const nothing = quality.length - found.length - unknown.length;
  return section(
    id,
    title,
    html`<p class="sub">
      The data is valid: every row was checked before any work. This is what it is short of all the same, most
      frequent first; ${String(nothing)} further checks found nothing.
    </p>`,
    table(
      ['finding', '#how many', 'share'],
      found
        .toSorted((a, b) => b.count / b.of - a.count / a.of)
        .map(({ table: name, column, finding, unit, count, of }): Piece[] => [
          html`${finding}<br /><span class="sub">${column === null ? name : `${name}: ${column}`}</span>`,
          html`${showNumber(count)} of<br />${showNumber(of)} ${unit}`,
          html`<span class="share" aria-hidden="true"
              ><i style="width: ${((100 * count) / of).toFixed(1)}%"></i></span
            >${showPercent(count / of, 1)}`,
        ]),
    ),
    unknown.length === 0
      ? null
      : html`<p class="sub">
          Not known, since the data does not say:
          ${unknown
            .map(({ table: name, column, finding }) => `${finding} (${name}: no column ${column})`)
            .join('; ')}.
        </p>`,
    dataRows === null
      ? null
      : table(
          ['table', '#rows'],
          Object.entries(dataRows).map(([name, rows]): Piece[] => [name, showNumber(rows)]),
        ),
  );
}
