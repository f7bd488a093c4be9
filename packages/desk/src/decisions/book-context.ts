import type { PricingSummary } from '@hemline/pricing/job';
import type { ApprovalRules } from '../api/index.ts';
import type { Appraisers } from '../article/appraisers.ts';
import type { ListView } from '../list/list-view.ts';

/** What decisions are about, and by which rules they are taken. */
export interface BookContext {
  readonly run: string;
  readonly view: ListView;
  readonly summary: PricingSummary;
  readonly rules: ApprovalRules;
  readonly reasons: readonly string[];
  /** @returns what tells costs, when it is ready; null where it tells none */
  readonly appraisers: () => Promise<Appraisers | null>;
  /** @returns the last segment of the store that is known here */
  readonly seen: () => number;
  /** Told when there is something to publish. */
  readonly onChange: () => void;
  /** @returns whether this is still the list that people see */
  readonly isOpen: () => boolean;
}
