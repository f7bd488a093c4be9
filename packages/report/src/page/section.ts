import { html, type Html, type Piece } from './html.ts';

/** A part of the report. */
export interface Section {
  /** Anchor, such as `demand-scores`. */
  readonly id: string;
  readonly title: string;
  readonly content: Html;
  /** Has nothing to show, and says why. */
  readonly isEmpty?: boolean;
}

/**
 * @param id anchor
 * @param title heading
 * @param content below it
 * @returns the section
 */
export function section(id: string, title: string, ...content: Piece[]): Section {
  return { id, title, content: html`${content}` };
}

/**
 * A section that has nothing to show, and says why.
 * @param id anchor
 * @param title heading
 * @param reason what is missing, and what would bring it
 * @returns the section
 */
export function emptySection(id: string, title: string, reason: string): Section {
  return { id, title, content: html`${reason}`, isEmpty: true };
}

/**
 * Charts side by side where there is room.
 * @param charts drawn
 * @returns the grid
 */
export function grid(charts: readonly Html[]): Html {
  return html`<div class="grid">${charts}</div>`;
}

/**
 * A table that scrolls by itself where it is too wide.
 * @param head titles; those that begin with `#` are of numbers
 * @param rows of cells
 * @param look on a phone: `cards` where cells hold sentences, a card a row
 * @returns the table
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Piece[])[],
  look: 'plain' | 'cards' = 'plain',
): Html {
  const kind = head.map((title) => (title.startsWith('#') ? 'number' : 'text'));
  const titles = head.map((title) => title.replace(/^#/, ''));
  return html`<div class="scroll">
    <table class="${look}">
      <thead>
        <tr>
          ${titles.map((title, i) => html`<th class="${kind[i]!}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => html`<td class="${kind[i]!}" data-title="${titles[i]!}"><div class="cell">${cell}</div></td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
