/**
 * @param name of a column or table
 * @returns it as an identifier
 */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * @param value any text
 * @returns it as a literal
 */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
