import type { Preview } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { useDesk } from '../frame/desk.ts';
import { Icon } from '../frame/icon.tsx';
import { boundsOf, showOf } from '../list/limit-words.ts';
import { texts } from '../texts/texts.ts';

const MOST_REFUSED = 5;

/**
 * What a decision comes to before it is sent: its cost, who has to agree, what is refused, and the limits then.
 * @param props of the decision
 * @param props.preview the server's answer; null while none is there
 * @param props.isAsking whether a newer answer is on its way
 * @param props.problem why there is none
 * @param props.formats of all markets
 * @returns the figures
 */
export function PreviewFigures(props: {
  readonly preview: Preview | null;
  readonly isAsking: boolean;
  readonly problem: string | null;
  readonly formats: Formats;
}): preact.JSX.Element {
  const { preview, isAsking, formats } = props;
  const { limits } = useDesk();
  return (
    <section class="preview" aria-label={texts.decide.preview} aria-busy={isAsking} aria-live="polite">
      <h3>{texts.decide.preview}</h3>
      {props.problem !== null && <p class="problem">{props.problem}</p>}
      {preview === null ? (
        props.problem === null && <p class="muted">{isAsking ? texts.decide.previewing : texts.none}</p>
      ) : (
        <>
          <Cost cost={preview.cost} formats={formats} />
          <ul class="needs">
            {preview.needs.own > 0 && (
              <li>
                <Icon name="check" /> {texts.decide.own(preview.needs.own, formats.count(preview.needs.own))}
              </li>
            )}
            {preview.needs.review > 0 && (
              <li class="warning">
                <Icon name="clock" />{' '}
                {texts.decide.review(preview.needs.review, formats.count(preview.needs.review))}
              </li>
            )}
            {preview.needs.secondPerson > 0 && (
              <li class="warning">
                <Icon name="warning" />{' '}
                {texts.decide.second(preview.needs.secondPerson, formats.count(preview.needs.secondPerson))}
              </li>
            )}
            {preview.overwrites.map(({ person, rows }) => (
              <li class="warning" key={person}>
                <Icon name="warning" /> {texts.decide.overwrites(person, rows, formats.count(rows))}
              </li>
            ))}
            {preview.refused.length > 0 && (
              <li class="bad">
                <Icon name="ban" />{' '}
                {texts.decide.refused(preview.refused.length, formats.count(preview.refused.length))}
                <ul>
                  {preview.refused.slice(0, MOST_REFUSED).map(({ article, market, why }) => (
                    <li key={`${article} ${market}`}>
                      {texts.decide.about(article, market)}: {why}
                    </li>
                  ))}
                  {preview.refused.length > MOST_REFUSED && (
                    <li>{texts.decide.refusedMore(formats.count(preview.refused.length - MOST_REFUSED))}</li>
                  )}
                </ul>
              </li>
            )}
          </ul>
          {preview.limits.length > 0 && (
            <table class="then">
              <thead>
                <tr>
                  <th scope="col">{texts.strip.limit}</th>
                  <th scope="col" class="number">
                    {texts.decide.limitNow}
                  </th>
                  <th scope="col" class="number">
                    {texts.decide.limitThen}
                  </th>
                </tr>
              </thead>
              <tbody>
                {preview.limits.map((limit) => {
                  const show = showOf(limit, formats);
                  const before = limits.find(({ name }) => name === limit.name);
                  return (
                    <tr key={limit.name} class={limit.isMet ? '' : 'missed'}>
                      <th scope="row">
                        {limit.name}
                        <span class="muted">{boundsOf(limit, formats)}</span>
                      </th>
                      <td class="number">{show(before?.now ?? null)}</td>
                      <td class="number">
                        {show(limit.now)}
                        <span class={limit.isMet ? 'good' : 'bad'}>
                          {limit.isMet ? texts.strip.met : texts.strip.missed}
                        </span>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}

/** Below half a unit of money nothing is lost or won. */
function Cost({
  cost,
  formats,
}: {
  readonly cost: number | null;
  readonly formats: Formats;
}): preact.JSX.Element {
  const kind = cost === null || Math.abs(cost) < 0.5 ? '' : cost > 0 ? 'bad' : 'good';
  return (
    <p class={`cost ${kind}`}>
      <span class="muted">{kind === 'good' ? texts.decide.saves : texts.decide.cost}</span>
      <b>
        {cost === null
          ? texts.decide.unknownCost
          : kind === ''
            ? texts.decide.noCost
            : formats.money(Math.abs(cost))}
      </b>
    </p>
  );
}
