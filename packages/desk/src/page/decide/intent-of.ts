import type { Row } from '../../api/index.ts';
import type { Intent } from '../frame/desk.ts';
import { targetOf } from '../list/selection.ts';
import { texts } from '../texts/texts.ts';

/**
 * @param row of the list
 * @param kind of decision
 * @returns the intent to decide so about the row alone
 */
export function intentOf(row: Row, kind: Intent['kind']): Intent {
  return {
    kind,
    targets: { rows: [targetOf(row)] },
    rows: 1,
    about: texts.decide.about(row.article, row.market),
    recommended: row.recommended,
    today: row.today,
    market: row.market,
    isPriority: row.priority,
  };
}
