import { Html, html } from './html.ts';
import type { Section } from './section.ts';
import { STYLE } from './style.ts';

/**
 * The whole page. It loads nothing: styles and charts are in it, and it has no script.
 * @param title of the page
 * @param header above the sections
 * @param sections in order
 * @param footer below them
 * @returns HTML
 */
export function page(title: string, header: Html, sections: readonly Section[], footer: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header class="top">
          ${header}
          <nav aria-label="Sections">
            <ul>
              ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          ${sections.map(
            ({ id, title: name, content }) =>
              html`<section aria-labelledby="${id}">
                <h2 id="${id}">${name}</h2>
                ${content}
              </section>`,
          )}
          <footer>${footer}</footer>
        </main>
      </body>
    </html> `.text;
}
