import { parseArgs } from 'node:util';
import type { EngineName } from './engine-pins.ts';
import { readRecord } from './engine-record.ts';
import { placesOf } from './places.ts';
import { Progress } from './progress.ts';
import { SetupError } from './setup-error.ts';
import { stageEngines, type StageResult } from './stage-engines.ts';
import { stagePage, type PageState } from './stage-page.ts';

const HELP = `Stages the native engines: libtensorflow for @tensorflow/tfjs-node and LightGBM's C library; and builds the
page of the pricing desk.

npm run setup -- [options]          stage what is not staged yet
npm run setup -- status             say what is staged, and where

  --only tensorflow|lightgbm|page   one of them only
  --gpu                             TensorFlow for NVIDIA GPUs (@tensorflow/tfjs-node-gpu) in place of the CPU's
  --require-native                  exit 1 when an engine cannot be had; else TensorFlow runs as WebAssembly
  --if-needed                       do not try again what an earlier run could not get
  --json                            print the result as JSON
  --help

HEMLINE_ENGINES_DIR   a folder of wheels or unpacked libraries to use before downloading
HEMLINE_CACHE_DIR     where libraries are kept ($XDG_CACHE_HOME/hemline, ~/.cache/hemline)
`;

/** What each engine's absence means for the person. */
const WITHOUT: Readonly<Record<EngineName, string>> = {
  tensorflow: 'TensorFlow will run as WebAssembly: everything works, training takes about 15 times as long',
  'tensorflow-gpu': 'TensorFlow will not run on a GPU',
  lightgbm: 'models that need LightGBM cannot run',
};

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      gpu: { type: 'boolean', default: false },
      'require-native': { type: 'boolean', default: false },
      'if-needed': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.only !== undefined && !['tensorflow', 'lightgbm', 'page'].includes(values.only))
    throw new SetupError(`--only: expected tensorflow, lightgbm or page, found ${values.only}.`);
  const [command] = positionals;
  if (positionals.length > 1 || (command !== undefined && command !== 'status'))
    throw new SetupError(`unknown argument ${positionals.join(' ')}; expected nothing, or status.`);

  const places = placesOf();
  if (command === 'status') {
    const record = await readRecord(places.root);
    if (values.json) process.stdout.write(`${JSON.stringify({ cache: places.cache, ...record }, null, 2)}\n`);
    else report(record.engines, (text) => process.stdout.write(`${text}\n`));
    return 0;
  }
  const tensorflow = values.gpu ? 'tensorflow-gpu' : 'tensorflow';
  const engines: EngineName[] =
    values.only === undefined
      ? [tensorflow, 'lightgbm']
      : values.only === 'page'
        ? []
        : [values.only === 'tensorflow' ? tensorflow : 'lightgbm'];
  const progress = new Progress(process.stderr);
  const before = JSON.stringify((await readRecord(places.root)).engines);
  const result = await stageEngines(places, progress, { engines, onlyNew: values['if-needed'] });
  const isNews = before !== JSON.stringify((await readRecord(places.root)).engines);
  const page = values.only === undefined || values.only === 'page' ? await stagePage(places) : undefined;
  if (values.json)
    process.stdout.write(`${JSON.stringify({ cache: places.cache, engines: result, page }, null, 2)}\n`);
  // A run before start or test is silent about what an earlier one said already.
  else if ((!values['if-needed'] || isNews) && engines.length > 0)
    report(result, (text) => progress.say(text));
  if (page !== undefined) reportPage(page, progress);
  const missing = engines.filter((engine) => result[engine]?.state !== 'staged');
  if (values['require-native'] && missing.length > 0) return 1;
  // What starts or tests something else goes on without the page: who opens the desk is told.
  return page?.state === 'unavailable' && !values['if-needed'] ? 1 : 0;
}

function report(result: StageResult, print: (text: string) => void): void {
  const entries = Object.entries(result);
  if (entries.length === 0) print('nothing is staged; run "npm run setup"');
  for (const [engine, entry] of entries)
    print(
      entry.state === 'staged'
        ? `${engine} ${entry.version}: ${entry.library} (${entry.source})`
        : `${engine} ${entry.version} cannot be had here: ${entry.reason} ${WITHOUT[engine as EngineName]}.`,
    );
}

function reportPage(page: PageState, progress: Progress): void {
  if (page.state === 'built') progress.say('built the page of the pricing desk');
  if (page.state === 'unavailable')
    progress.say(
      `the page of the pricing desk cannot be built: ${page.reason} Everything but "hemline desk" works without it.`,
    );
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected =
    error instanceof SetupError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  const { message, stack } = error as Error;
  process.stderr.write(`${expected ? `setup: ${message}` : stack}\n`);
  process.exitCode = 1;
}
