import type { SolveState } from '../../api/index.ts';
import { EXPORT_FORMATS } from '../data/export-formats.ts';
import { showMoment, showWeek } from '../data/format.ts';
import { texts } from '../texts/texts.ts';
import { mayDecide, useDesk } from './desk.ts';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';
import { SCREENS, writeRoute, type Route } from './route.ts';

/**
 * The run, the screens, and what concerns the whole run.
 * @param props of the page
 * @param props.route what is looked at
 * @param props.go changes it
 * @param props.solve how solving again stands
 * @param props.startSolve begins it
 * @param props.openImport asks for a file of prices
 * @param props.openHelp shows the keys
 * @returns the bar
 */
export function TopBar(props: {
  readonly route: Route;
  readonly go: (change: Partial<Route>) => void;
  readonly solve: SolveState | null;
  readonly startSolve: () => void;
  readonly openImport: () => void;
  readonly openHelp: () => void;
}): preact.JSX.Element {
  const { route, go, solve } = props;
  const { session, waiting } = useDesk();
  const { run } = session;
  const may = mayDecide(session);
  const isSolving = solve?.state === 'running';
  return (
    <header class="top-bar">
      <div class="brand">
        <b>{texts.product}</b>
        <span class="muted run-name" title={`${run.dataset}`}>
          {texts.run.priced(run.run, showMoment(run.pricedAt))}
        </span>
        <span class="muted run-weeks">
          {run.weeks.length > 0 &&
            texts.run.weeks(showWeek(run.weeks[0]!), showWeek(run.weeks.at(-1)!), run.weeks.length)}
        </span>
      </div>
      <nav aria-label={texts.screensLabel}>
        {SCREENS.map((screen) => (
          <a
            key={screen}
            href={writeRoute({ ...route, screen, article: null, market: null })}
            aria-current={route.screen === screen ? 'page' : undefined}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              go({ screen, article: null, market: null });
            }}
          >
            {texts.screens[screen]}
            {screen === 'waiting' && waiting > 0 && <span class="badge">{waiting}</span>}
          </a>
        ))}
      </nav>
      <div class="top-actions">
        {may && (
          <button
            type="button"
            class="chip"
            title={texts.solve.lead}
            aria-disabled={isSolving}
            onClick={() => !isSolving && props.startSolve()}
          >
            {isSolving ? texts.solve.running : texts.solve.start}
          </button>
        )}
        <Menu name={texts.exchange.export} label={texts.exchange.export} align="right">
          {(close) => (
            <div class="menu-list">
              <p class="muted">{texts.exchange.exportLead}</p>
              {EXPORT_FORMATS.map((format) => (
                <a key={format} href={`/api/export?format=${format}`} download onClick={() => close()}>
                  {texts.exchange.formats[format]}
                </a>
              ))}
              {may && (
                <button
                  type="button"
                  class="plain"
                  onClick={() => {
                    close();
                    props.openImport();
                  }}
                >
                  {texts.exchange.import}
                </button>
              )}
            </div>
          )}
        </Menu>
        <button type="button" class="icon-button help" aria-label={texts.help.open} onClick={props.openHelp}>
          <Icon name="help" />
        </button>
        <span class="person" title={texts.run.person(session.person, texts.run.roles[session.role])}>
          {session.person}
          <span class="muted"> {texts.run.roles[session.role]}</span>
        </span>
      </div>
    </header>
  );
}
