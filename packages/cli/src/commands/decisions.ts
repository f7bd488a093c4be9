import { Option, type Command } from 'commander';
import { decisions } from '@hemline/hemline';
import { DECISION_STATES, type DecisionState } from '@hemline/runs/decisions';
import {
  exportedText,
  importedText,
  listedText,
  proposedText,
  scoredText,
} from '../terminal/decisions-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import { parseWhole } from './options.ts';

interface PlaceOptions {
  readonly dataset?: string;
  readonly store?: string;
  readonly json?: boolean;
}

type Given<T> = T & PlaceOptions;

/**
 * Adds `hemline decisions propose | import | export | list | score`.
 * @param program to add to
 */
export function addDecisions(program: Command): void {
  const command = program
    .command('decisions')
    .description(
      'prices and who decided them: proposed, approved or overridden, in the shop, and what came of it; nothing that was decided is ever changed or lost',
    );
  addPropose(command);
  addImportDecisions(command);
  addExport(command);
  addList(command);
  addScore(command);
}

function addPropose(command: Command): void {
  withStore(command.command('propose'))
    .description('take the recommendations of a run in, for people to decide about')
    .argument('[run]', 'a run that has priced, or the beginning of its id (default: the latest)', 'latest')
    .option('--weeks <n>', 'weeks of its plan, from the first (default: 1)', parseWhole)
    .option('--dry-run', 'tell what would become of them, and write nothing')
    .action(async (run: string, { json, ...options }: Given<decisions.ProposeOptions>) => {
      const result = await withBars((told) => decisions.propose(run, { ...options, ...told }));
      printResult(result, proposedText(result), json);
    });
}

function addImportDecisions(command: Command): void {
  withPlace(command.command('import'))
    .description(
      'take in approvals, prices of people, and prices in the shop; what contradicts newer ones is told and changes nothing',
    )
    .argument('<file>', '.csv (UTF-8; comma, semicolon or tab), .jsonl or .parquet')
    .addOption(
      new Option('--as <decision>', 'decision of rows that do not say').choices(decisions.GIVEN_DECISIONS),
    )
    .option('--by <name>', 'who decided, of rows that do not say')
    .option('--reason <text>', 'why, of overrides that do not say')
    .option('--at <time>', 'when, of rows that do not say: an ISO date or time (default: now)')
    .option('--no-cost', 'do not tell what overrides cost: for that the forecasts of their run are read')
    .option('--dry-run', 'tell what would become of the rows, and write nothing')
    .addHelpText('after', columnsText())
    .action(
      async (
        file: string,
        { json, cost, ...options }: Given<decisions.ImportDecisionsOptions> & { readonly cost: boolean },
      ) => {
        const result = await withBars((told) =>
          decisions.importDecisions(file, { ...options, noCost: !cost, ...told }),
        );
        printResult(result, importedText(result), json);
      },
    );
}

function addExport(command: Command): void {
  withSelection(withPlace(command.command('export')))
    .description(
      'write the prices that are approved or fixed by people, each with a version; those that the shop has a newer price for are refused, and told',
    )
    .argument('<file>', '.csv, .jsonl or .parquet')
    .option('--proposed', 'write the prices that nobody has decided about: fill in decision, and import them')
    .action(async (file: string, { json, ...options }: Given<decisions.ExportDecisionsOptions>) => {
      const result = await decisions.exportDecisions(file, options);
      printResult(result, exportedText(result), json);
    });
}

function addList(command: Command): void {
  withSelection(withPlace(command.command('list')))
    .description('show prices and where they are in their life, with totals')
    .addOption(
      new Option('--state <states...>', 'only those in these states').choices(DECISION_STATES.slice(1)),
    )
    .option('--by <name>', 'only those that this person decided')
    .option('--limit <n>', `rows at most (default: ${decisions.DEFAULT_LISTED})`, parseWhole)
    .action(
      async ({
        json,
        state,
        ...options
      }: Given<decisions.ListDecisionsOptions> & { readonly state?: readonly DecisionState[] }) => {
        const result = await decisions.listDecisions({ ...options, states: state });
        printResult(result, listedText(result), json);
      },
    );
}

function addScore(command: Command): void {
  withPlace(command.command('score'))
    .description(
      'what decisions earned by the sales of weeks that have passed, against the plan and against holding, what the forecast was off by in money, and what overrides cost; outcomes are kept',
    )
    .requiredOption('--data <dir>', 'folder of a dataset that has the weeks since')
    .option('--descriptor <file>', 'a dataset.json that lies elsewhere')
    .option('--week <date>', 'one week, by its first day')
    .option('--market <name>', 'one market')
    .option('--by <name>', 'only what this person decided')
    .option('--dry-run', 'keep no outcomes')
    .action(async ({ json, ...options }: Given<decisions.ScoreDecisionsOptions>) => {
      const result = await withBars((told) => decisions.scoreDecisions({ ...options, ...told }));
      printResult(result, scoredText(result), json);
    });
}

function withStore(command: Command): Command {
  return command
    .option(
      '--store <place>',
      'folder or s3://bucket/prefix of the decisions (default: decisions/ of the home)',
    )
    .option('--json', 'print the result as JSON');
}

function withPlace(command: Command): Command {
  return withStore(command).option(
    '--dataset <name>',
    'dataset that they are about (default: the only one that there are decisions about)',
  );
}

function withSelection(command: Command): Command {
  return command
    .option('--week <date>', 'one week, by its first day (default: all)')
    .option('--article <name>', 'one article')
    .option('--market <name>', 'one market');
}

function columnsText(): string {
  const columns = Object.entries(decisions.DECISION_COLUMNS);
  return ['', 'Columns:', ...columns.map(([name, text]) => `  ${name.padEnd(9)} ${text}`)].join('\n');
}
