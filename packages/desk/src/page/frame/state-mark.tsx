import type { State } from '../../api/index.ts';
import { texts } from '../texts/texts.ts';
import { Icon, type IconName } from './icon.tsx';

const ICONS: Readonly<Record<State, IconName>> = {
  proposed: 'dot',
  waiting: 'clock',
  approved: 'check',
  overridden: 'pen',
  excluded: 'ban',
  'in-shop': 'shop',
};

/**
 * Where a price stands, by colour, drawing and word.
 * @param props of the price
 * @param props.state where it stands
 * @param props.by who decided, null for nobody
 * @returns the mark
 */
export function StateMark({
  state,
  by,
}: {
  readonly state: State;
  readonly by?: string | null;
}): preact.JSX.Element {
  return (
    <span class={`state-mark ${state}`} title={by ? texts.list.by(by) : undefined}>
      <Icon name={ICONS[state]} />
      {texts.states[state]}
    </span>
  );
}
