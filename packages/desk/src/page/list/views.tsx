import { useState } from 'preact/hooks';
import type { Filter, Sort, ViewsAnswer } from '../../api/index.ts';
import { useDesk } from '../frame/desk.ts';
import { Icon } from '../frame/icon.tsx';
import { Menu } from '../frame/menu.tsx';
import { FIRST_SORT } from '../frame/route.ts';
import { texts } from '../texts/texts.ts';

const BUILT_IN: readonly { readonly name: string; readonly filter: Filter; readonly sort: Sort }[] = [
  { name: texts.views.builtIn.gains, filter: {}, sort: FIRST_SORT },
  { name: texts.views.builtIn.losses, filter: {}, sort: { by: 'change', descending: true } },
  { name: texts.views.builtIn.waiting, filter: { states: ['waiting'] }, sort: FIRST_SORT },
  {
    name: texts.views.builtIn.slow,
    filter: { cover: { from: 20 } },
    sort: { by: 'cover', descending: true },
  },
];

/** What saved views need of the list. */
interface ViewsProps {
  readonly filter: Filter;
  readonly sort: Sort;
  readonly set: (filter: Filter, sort?: Sort) => void;
}

/**
 * Filters and orders that come with the page, and those that the person has kept.
 * @param props of the list
 * @returns a menu
 */
export function Views(props: ViewsProps): preact.JSX.Element {
  return (
    <Menu name={texts.views.label} label={texts.views.label} align="right">
      {(close) => <Panel {...props} close={close} />}
    </Menu>
  );
}

function Panel({
  filter,
  sort,
  set,
  close,
}: ViewsProps & { readonly close: () => void }): preact.JSX.Element {
  const { client, fail, say } = useDesk();
  const [views, setViews] = useState<ViewsAnswer['views'] | null>(null);
  const [name, setName] = useState('');
  const load = (): void => {
    client.get<ViewsAnswer>('/api/views').then((answer) => setViews(answer.views), fail);
  };
  if (views === null) {
    setViews([]);
    load();
  }
  const choose = (view: { readonly filter: Filter; readonly sort: Sort }): void => {
    set(view.filter, view.sort);
    close();
    document.getElementById('list')?.focus();
  };
  return (
    <div class="views">
      <ul>
        {BUILT_IN.map((view) => (
          <li key={view.name}>
            <button type="button" class="plain" onClick={() => choose(view)}>
              {view.name}
            </button>
          </li>
        ))}
      </ul>
      <ul>
        {views?.map((view) => (
          <li key={view.name}>
            <button type="button" class="plain" onClick={() => choose(view)}>
              {view.name}
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={texts.views.remove(view.name)}
              onClick={() =>
                void client.send('DELETE', `/api/views/${encodeURIComponent(view.name)}`).then(() => {
                  say({ kind: 'done', text: texts.views.removed(view.name) });
                  load();
                }, fail)
              }
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
        {views?.length === 0 && <li class="muted">{texts.views.none}</li>}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const trimmed = name.trim();
          if (trimmed === '') return;
          client.send('PUT', `/api/views/${encodeURIComponent(trimmed)}`, { filter, sort }).then(() => {
            say({ kind: 'done', text: texts.views.saved(trimmed) });
            close();
          }, fail);
        }}
      >
        <input
          value={name}
          maxLength={80}
          aria-label={texts.views.name}
          placeholder={texts.views.name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" disabled={name.trim() === ''}>
          {texts.views.save}
        </button>
      </form>
    </div>
  );
}
