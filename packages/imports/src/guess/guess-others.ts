import type { TextFormat } from '../map/import-map.ts';
import { basename } from 'node:path';
import type { FileGroup } from '../source/file-group.ts';
import type { SampledGroup } from './sampled-group.ts';
import { ColumnPicker, isNumber, isWord } from './pick-columns.ts';
import type { SampledColumn } from './sampled-column.ts';
import { dateFormat, numberFormat } from './value-formats.ts';

type FilesOf = (group: FileGroup) => string | string[];
type Section = readonly [name: 'prices' | 'stock' | 'articles' | 'markets', section: object];

/**
 * Proposes what files are that are no sales.
 * @param groups of files
 * @param format of the map
 * @param notes to add to: files that look like nothing are told
 * @param filesOf how the map names the files of a group
 * @returns sections by name
 */
export function guessOthers(
  groups: readonly SampledGroup[],
  format: TextFormat,
  notes: string[],
  filesOf: FilesOf,
): Record<string, object> {
  const sections: Record<string, object> = {};
  for (const { group, columns } of groups) {
    const files = filesOf(group);
    const own: TextFormat[] = [];
    const found =
      guessPrices(columns, own, notes) ?? guessStock(columns, own, notes) ?? guessAttributes(columns);
    if (found === null || Object.hasOwn(sections, found[0])) {
      notes.push(
        `${group.names.map((name) => basename(name)).join(', ')}: ${found === null ? 'looks like nothing that is known' : `looks like ${found[0]} too`}; it is not in the map.`,
      );
      continue;
    }
    const [name, section] = found;
    const differs = Object.entries(Object.assign({}, ...own) as TextFormat).filter(
      ([key, value]) => format[key as keyof TextFormat] !== value,
    );
    sections[name] = {
      files,
      ...(differs.length === 0 ? {} : { format: Object.fromEntries(differs) }),
      ...section,
    };
  }
  return sections;
}

function guessPrices(columns: readonly SampledColumn[], own: TextFormat[], notes: string[]): Section | null {
  const pick = new ColumnPicker(columns);
  const isDate = ({ dates }: SampledColumn): boolean => dates.length > 0;
  const validFrom = pick.best('validFrom', isDate) ?? pick.best('date', isDate);
  const price = pick.best('listPrice', isNumber) ?? pick.best('price', isNumber);
  const article = pick.best('article', isWord);
  if (validFrom === null || price === null || article === null) return null;
  const validTo = pick.best('validTo', isDate);
  const market = pick.best('market', isWord);
  own.push(numberFormat([price], notes), dateFormat(validFrom, notes));
  return [
    'prices',
    {
      columns: {
        article: article.name,
        ...(market === null ? {} : { market: market.name }),
        price: price.name,
        validFrom: validFrom.name,
        ...(validTo === null ? {} : { validTo: validTo.name }),
      },
    },
  ];
}

function guessStock(columns: readonly SampledColumn[], own: TextFormat[], notes: string[]): Section | null {
  const pick = new ColumnPicker(columns);
  const date = pick.best('date', ({ dates }) => dates.length > 0);
  const units = pick.best('stock', isNumber) ?? pick.best('units', isNumber);
  const article = pick.best('article', isWord);
  const market = pick.best('market', isWord);
  if (date === null || units === null || article === null || market === null) return null;
  own.push(numberFormat([units], notes), dateFormat(date, notes));
  notes.push('Stock is taken for counted in the morning; say "counted": "evening" where it is not.');
  return [
    'stock',
    { columns: { article: article.name, market: market.name, date: date.name, units: units.name } },
  ];
}

/** A key, and words beside it. */
function guessAttributes(columns: readonly SampledColumn[]): Section | null {
  for (const [name, key] of [
    ['articles', 'article'],
    ['markets', 'market'],
  ] as const) {
    const pick = new ColumnPicker(columns);
    const id = pick.best(key, isWord);
    if (id === null || id.distinct < id.present) continue;
    const roles = (['group', 'brand', 'season'] as const).flatMap((role) => {
      const column = name === 'articles' ? pick.best(role, isWord) : null;
      return column === null ? [] : [[role, column.name] as const];
    });
    const taken = new Set([id.name, ...roles.map(([, column]) => column)]);
    const others = columns
      .filter((column) => !taken.has(column.name) && column.present > 0 && isWord(column))
      .map((column) => [column.name, column.name] as const);
    return [name, { columns: Object.fromEntries([[key, id.name], ...roles, ...others]) }];
  }
  return null;
}
