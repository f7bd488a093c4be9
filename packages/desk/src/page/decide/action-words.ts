import type { Action } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { texts } from '../texts/texts.ts';

/**
 * @param action of a decision
 * @param formats how numbers are written
 * @returns what was done, in words
 */
export function actionWords(action: Action, formats: Formats): string {
  switch (action.kind) {
    case 'overrule':
      return texts.actions.overrule(formats.percent(action.discount));
    case 'bounds':
      return texts.actions.bounds(formats.percent(action.from), formats.percent(action.to));
    case 'priority':
      return action.on ? texts.actions.priority : texts.actions.noPriority;
    default:
      return texts.actions[action.kind];
  }
}
