import { html, type Html } from '../page/html.ts';
import { showCount, showNumber, showPercent } from '../page/numbers.ts';
import { emptySection, section, table, type Section } from '../page/section.ts';
import type { InsightRow, ReportModel, ReportSource } from '../source/report-source.ts';

/**
 * What models that are made of others have learnt of them: how each did on weeks that it had not seen, and what it weighs.
 * @param source of the report
 * @returns the section
 */
export function blendSection({ models }: ReportSource): Section {
  const [id, title] = ['blend', 'What the blend is made of'];
  const blends = models.filter(({ insights }) => (insights['blendParts']?.length ?? 0) > 0);
  if (blends.length === 0) return emptySection(id, title, 'No model of this run is made of others.');
  return section(id, title, ...blends.map(describe));
}

function describe({ model, insights }: ReportModel): Html {
  const parts = insights['blendParts']!;
  const weights = insights['blendWeights'] ?? [];
  const segments = [...Map.groupBy(weights, (row) => String(row['segment']))];
  const names = [...new Set(weights.map((row) => String(row['part'])))];
  return html`<h3>${model}</h3>
    <p>
      Error on the weeks that were held out of its training, the blend's by weights that had not seen them:
      lower is better. What is left out trained in vain, or not at all.
    </p>
    ${table(
      ['part', 'model', '#error on held-out weeks', '#weight', 'state'],
      parts.map((row) => [
        String(row['part']),
        String(row['member']),
        showNumber(numberOf(row, 'heldOutError')),
        showPercent(numberOf(row, 'weight')),
        String(row['state']),
      ]),
      'cards',
    )}
    <p>Weights by segment: weeks ahead (near: up to four), and the history of the series.</p>
    ${table(
      ['segment', '#held-out rows', ...names.map((name) => `#${name}`)],
      segments.map(([segment, rows]) => [
        segment,
        showCount(numberOf(rows[0]!, 'rows') ?? 0),
        ...names.map((name) =>
          showPercent(numberOf(rows.find((row) => row['part'] === name) ?? {}, 'weight')),
        ),
      ]),
    )}`;
}

function numberOf(row: InsightRow, name: string): number | null {
  const value = row[name];
  return typeof value === 'number' ? value : null;
}
