import { html } from '../page/html.ts';
import { section, type Section } from '../page/section.ts';

/**
 * What the page has nothing to show of, in one place: a page is about what there is.
 * @param absent sections without content, each with the reason
 * @returns the section
 */
export function absentSection(absent: readonly Section[]): Section {
  return section(
    'absent',
    'Not on this page',
    html`<dl class="absent">
      ${absent.map(
        ({ title, content }) =>
          html`<div>
            <dt>${title}</dt>
            <dd>${content}</dd>
          </div>`,
      )}
    </dl>`,
  );
}
