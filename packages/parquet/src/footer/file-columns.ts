import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { SchemaError, UnsupportedError, listing, nearest } from '@hemline/core';
import { fitsTyped } from './fits-typed.ts';
import { annotatesText, declaredType, leafType, type LeafType } from './leaf-type.ts';

/** One top-level column of a file. */
export interface FileColumn {
  readonly name: string;
  readonly element: SchemaElement;
  /** Position of its first chunk in every row group. */
  readonly chunk: number;
  /** Null when it cannot be read as a typed column. */
  readonly leaf: LeafType | null;
  readonly nullable: boolean;
  /** As the file declares it, for messages. */
  readonly declared: string;
}

/**
 * The top-level columns of a schema, in order.
 * @param tree root of the schema
 * @param groups row groups of the file
 * @returns them, nested ones too
 */
export function fileColumns(tree: SchemaTree, groups: FileMetaData['row_groups']): FileColumn[] {
  let chunk = 0;
  const isAnnotated = annotatesText(leavesOf(tree));
  return tree.children.map((child) => {
    const { element, children } = child;
    const first = chunk;
    chunk += leafCount(child);
    const isFlat =
      children.length === 0 && element.type !== undefined && element.repetition_type !== 'REPEATED';
    const leaf = isFlat ? leafType(element, isAnnotated) : null;
    return {
      name: element.name,
      element,
      chunk: first,
      leaf: leaf !== null && fitsTyped(leaf, groups, first) ? leaf : null,
      nullable: element.repetition_type !== 'REQUIRED',
      declared: isFlat ? declaredType(element) : 'a nested column',
    };
  });
}

function leavesOf({ element, children }: SchemaTree): SchemaElement[] {
  return children.length === 0 ? [element] : children.flatMap(leavesOf);
}

function leafCount({ element, children }: SchemaTree): number {
  if (element.type !== undefined) return 1;
  return children.reduce((sum, child) => sum + leafCount(child), 0);
}

/**
 * Finds a column by its name.
 * @param path of the file, for messages
 * @param columns of the file
 * @param name on disk
 * @returns the column, typed or not
 * @throws SchemaError when there is none, or there are two
 */
function findColumn(path: string, columns: readonly FileColumn[], name: string): FileColumn {
  const [found, second] = columns.filter((column) => column.name === name);
  if (found === undefined) {
    const all = columns.map((column) => column.name);
    const close = nearest(name, all);
    throw new SchemaError('a column is missing', {
      expected: name,
      found: `columns ${listing(all, 20)}`,
      where: { file: path, column: name },
      ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
    });
  }
  if (second !== undefined)
    throw new SchemaError('two columns have the same name', {
      where: { file: path, column: name },
      remedy: 'Rename one of them.',
    });
  return found;
}

/**
 * Finds a column that can be read as a typed one.
 * @param path of the file, for messages
 * @param columns of the file
 * @param name on disk
 * @returns the column; its `leaf` is not null
 * @throws UnsupportedError when it has no column type here
 */
export function findTypedColumn(path: string, columns: readonly FileColumn[], name: string): FileColumn {
  const column = findColumn(path, columns, name);
  if (column.leaf !== null) return column;
  throw new UnsupportedError('the type of a column is not supported', {
    expected: 'a flat column of bool, integers, float, double, date, timestamp, decimal or text',
    found: column.declared,
    where: { file: path, column: name },
    remedy: 'Cast it, or leave it out of the descriptor.',
  });
}
