import type { z } from 'zod';

/** What is used of a schema. */
interface Node {
  readonly description?: string;
  readonly shape?: Record<string, Node>;
  readonly element?: Node;
  readonly options?: readonly unknown[];
  readonly def: { readonly type: string; readonly defaultValue?: unknown; readonly valueType?: Node };
  unwrap?(): Node;
}

/**
 * The table of a schema as a page has it: a row for each key, with what it means and its default.
 * @param schema of a map
 */
export function mapTable(schema: z.ZodType): string[] {
  const rows = [['key', 'meaning', 'default'], ...rowsOf(schema as unknown as Node, '')];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(rows[0]!), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)];
}

function rowsOf(node: Node, path: string): string[][] {
  const { shape } = inner(node);
  return Object.entries(shape ?? {}).flatMap(([key, child]) => {
    const place = path === '' ? key : `${path}.${key}`;
    const { inside, suffix } = contents(inner(child));
    const own = [`\`${place}\``, describe(child), defaultOf(child)];
    return [own, ...(key === 'format' && path !== '' ? [] : rowsOf(inside, `${place}${suffix}`))];
  });
}

/** Lists and records are told by what is in them. */
function contents(node: Node): { inside: Node; suffix: string } {
  if (
    node.element?.shape !== undefined ||
    (node.element !== undefined && inner(node.element).shape !== undefined)
  )
    return { inside: inner(node.element), suffix: '[]' };
  const { valueType } = node.def;
  if (valueType !== undefined && inner(valueType).shape !== undefined)
    return { inside: inner(valueType), suffix: '.NAME' };
  return { inside: node, suffix: '' };
}

function inner(node: Node): Node {
  let at = node;
  while (at.unwrap !== undefined && at.shape === undefined && at.element === undefined) at = at.unwrap();
  return at;
}

/** The description may stand on any layer. */
function describe(node: Node): string {
  let at: Node | undefined = node;
  while (at !== undefined) {
    if (at.description !== undefined)
      return at.description.replaceAll('|', '\\|') + choices(inner(node), at.description);
    at = at.shape === undefined && at.element === undefined ? at.unwrap?.() : undefined;
  }
  throw new Error('a key without a description');
}

/** Words that can be chosen, where the description does not explain each. */
function choices({ options }: Node, description: string): string {
  if (!options?.every((option) => typeof option === 'string')) return '';
  const missing = options.some((option) => !description.includes(`\`${option}\``));
  return missing ? `: ${options.map((option) => `\`${option}\``).join(', ')}` : '';
}

function defaultOf(node: Node): string {
  let at: Node | undefined = node;
  while (at !== undefined) {
    if (at.def.type === 'default') {
      const value = at.def.defaultValue;
      return typeof value === 'object' ? 'none' : `\`${String(value)}\``;
    }
    if (at.def.type === 'optional') return '';
    at = undefined;
  }
  return 'required';
}
