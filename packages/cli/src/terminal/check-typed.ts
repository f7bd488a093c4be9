import type { Command } from 'commander';
import { nearest } from '@hemline/core';

/** What an option of one command is called in another. */
const ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '--instances': {
    'launch process': '--count is the number of instances, --instance their type',
    'launch train': 'a training has one instance, and --instance is its type',
  },
  '--count': { 'launch train': 'a training has one instance, and --instance is its type' },
  '--out': { forecast: 'forecasts go to --output', features: 'features go to --output' },
  '--model': {
    forecast: '--model-dir is the folder of a trained model',
    evaluate: '--model-dir is the folder of a trained model',
  },
};

/**
 * Tells what is wrong with what was typed before what is missing: the parser has it the other way round, and says of a misspelt
 * option only that the right one is not there.
 * @param command without sub-commands
 */
export function checkTyped(command: Command): void {
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (argv) => {
    const parsed = parse(argv);
    // The parser leaves --help among what it does not know, and answers it afterwards.
    if (parsed.unknown.some((each) => each === '--help' || each === '-h')) return parsed;
    const [unknown] = parsed.unknown.filter((each) => /^-./.test(each));
    if (unknown !== undefined) refuse(command, unknown.split('=')[0]!);
    const missing = command.registeredArguments[parsed.operands.length];
    if (missing?.required === true)
      command.error(`error: missing required argument '${missing.name()}'`, {
        code: 'commander.missingArgument',
      });
    return parsed;
  };
}

function refuse(command: Command, flag: string): never {
  const name = nameOf(command);
  const known = command
    .createHelp()
    .visibleOptions(command)
    .map(({ long }) => long ?? '');
  const close = nearest(flag, known);
  const meant =
    close === flag ? `${flag} takes no value` : close === undefined ? undefined : `Did you mean ${close}?`;
  const hint = ELSEWHERE[flag]?.[name] ?? meant;
  command.error(`error: unknown option '${flag}'${hint === undefined ? '' : `\n(${hint})`}`, {
    code: 'commander.unknownOption',
  });
}

/** As it is typed, without `hemline`. */
function nameOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at !== null && at.parent !== null; at = at.parent)
    names.unshift(at.name());
  return names.join(' ');
}
