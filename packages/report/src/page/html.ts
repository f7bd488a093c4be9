/** A piece of HTML that needs no escaping any more. */
export class Html {
  readonly text: string;

  /** @param text HTML */
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes. Texts and numbers are escaped. */
export type Piece = Html | string | number | null | readonly Piece[];

/**
 * HTML from a template: whatever is put in is escaped, unless it is HTML itself. Null is nothing.
 * @param parts of the template
 * @param values put in
 * @returns the HTML
 */
export function html(parts: TemplateStringsArray, ...values: Piece[]): Html {
  return new Html(parts.map((part, i) => part + (i < values.length ? textOf(values[i]!) : '')).join(''));
}

function textOf(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'string' || typeof piece === 'number') return escape(String(piece));
  return piece.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
