import type { ArticleAnswer } from '../../api/index.ts';
import { texts } from '../texts/texts.ts';

/**
 * The article's attributes, and what made its numbers.
 * @param props of the article
 * @param props.answer all about it
 * @returns two lists
 */
export function Lineage({ answer }: { readonly answer: ArticleAnswer }): preact.JSX.Element {
  const { lineage } = answer;
  const words = texts.article.lineageOf;
  const attributes = Object.entries(answer.attributes).filter(([, value]) => value !== null);
  return (
    <>
      {attributes.length > 0 && (
        <section class="block">
          <h3>{texts.article.facts}</h3>
          <dl class="pairs">
            {attributes.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section class="block">
        <h3>{texts.article.lineage}</h3>
        <dl class="pairs">
          <div>
            <dt>{words.run}</dt>
            <dd>{lineage.run}</dd>
          </div>
          <div>
            <dt>{words.forecasts}</dt>
            <dd>{lineage.forecasts}</dd>
          </div>
          <div>
            <dt>{words.dataset}</dt>
            <dd>
              {lineage.dataset.name} <code>{lineage.dataset.fingerprint.slice(0, 12)}</code>
              {lineage.dataset.isChanged && <b class="warning"> {words.changed}</b>}
            </dd>
          </div>
          <div>
            <dt>{words.limits}</dt>
            <dd>
              {lineage.limits === null ? (
                words.noLimits
              ) : (
                <>
                  {lineage.limits.file} <code>{lineage.limits.digest.slice(0, 12)}</code>
                </>
              )}
            </dd>
          </div>
          <div class="broad">
            <dt>{words.models}</dt>
            <dd>
              {lineage.models.map(({ quantity, model, version }) => (
                <span key={quantity} class="model">
                  {quantity}: {model}
                  {version === null ? '' : `, ${words.version(version)}`}
                </span>
              ))}
            </dd>
          </div>
        </dl>
      </section>
    </>
  );
}
