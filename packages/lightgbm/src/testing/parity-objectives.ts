/** What an objective asks of labels, and what may be measured beside it. */
export interface ParityObjective {
  readonly objective: string;
  readonly labels: 'number' | 'positive' | 'count' | 'flag' | 'class' | 'share' | 'relevance';
  readonly metrics: readonly string[];
  /** Sets its leaves anew after a tree has grown, which monotone constraints cannot go with. */
  readonly renewsLeaves?: true;
}

const NUMBERS = ['l1', 'l2', 'rmse', 'mape', 'huber', 'fair', 'quantile', 'r2'];
const FLAGS = ['binary_logloss', 'binary_error', 'auc', 'average_precision', 'cross_entropy'];
const CLASSES = ['multi_logloss', 'multi_error', 'auc_mu'];
const SHARES = ['cross_entropy', 'cross_entropy_lambda', 'kullback_leibler', 'l2'];
const RANKS = ['ndcg', 'map'];

/** All objectives of LightGBM. */
export const PARITY_OBJECTIVES: readonly ParityObjective[] = [
  { objective: 'regression', labels: 'number', metrics: NUMBERS },
  { objective: 'regression_l1', labels: 'number', metrics: NUMBERS, renewsLeaves: true },
  { objective: 'huber', labels: 'number', metrics: NUMBERS },
  { objective: 'fair', labels: 'number', metrics: NUMBERS },
  { objective: 'quantile', labels: 'number', metrics: NUMBERS, renewsLeaves: true },
  { objective: 'mape', labels: 'number', metrics: NUMBERS, renewsLeaves: true },
  { objective: 'poisson', labels: 'count', metrics: ['poisson', 'l2'] },
  { objective: 'tweedie', labels: 'count', metrics: ['tweedie', 'l1'] },
  { objective: 'gamma', labels: 'positive', metrics: ['gamma', 'gamma_deviance'] },
  { objective: 'binary', labels: 'flag', metrics: FLAGS },
  { objective: 'multiclass', labels: 'class', metrics: CLASSES },
  { objective: 'multiclassova', labels: 'class', metrics: CLASSES },
  { objective: 'cross_entropy', labels: 'share', metrics: SHARES },
  { objective: 'cross_entropy_lambda', labels: 'share', metrics: SHARES },
  { objective: 'lambdarank', labels: 'relevance', metrics: RANKS },
  { objective: 'rank_xendcg', labels: 'relevance', metrics: RANKS },
];
