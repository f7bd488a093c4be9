import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { hemlineProgram } from '../src/program.ts';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));

/** A text that tells a person what to do, and where it stands. */
interface Told {
  readonly at: string;
  readonly text: string;
  /** Whether all of it is advice: the remedy of an error, or what it expects. */
  readonly isRemedy: boolean;
}

/** What is put into a template stands for a word. */
const WORD = 'WORD';
/** Programs with a parser of their own. */
const OWN_PARSER = /^(tools|packages\/runtime\/src\/entrypoints|packages\/pricing\/src\/job)\//;
/** What may be told by them, besides the command. */
const RUNS_ELSEWHERE = /^(tools|packages\/(pricing|runtime|tensor|features|workflow|sagemaker|evaluation))\//;
const ADVICE = new Set(['remedy', 'expected']);

/** All texts of the sources; comments are none. */
function texts(): Told[] {
  const files = globSync('{packages,tools,models}/*/src/**/*.ts', {
    cwd: WORKSPACE,
    exclude: (name) => name === 'node_modules',
  });
  return files.flatMap((file) => {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(WORKSPACE, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const found: Told[] = [];
    const visit = (node: ts.Node, isRemedy: boolean): void => {
      const text = textOf(node);
      if (text !== null) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push({ at: `${file}:${line + 1}`, text, isRemedy });
      }
      const advises = ts.isPropertyAssignment(node) && ADVICE.has(node.name.getText());
      node.forEachChild((child) => visit(child, isRemedy || advises));
    };
    visit(source, false);
    return found;
  });
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => WORD + literal.text).join('');
}

const program = hemlineProgram();
const ALL = texts();

function optionsOf(command: Command): string[] {
  const own = command.options.flatMap(({ long }) => long ?? []);
  return [...own, ...command.commands.flatMap(optionsOf)];
}

/**
 * What is wrong with a command line, as advice has it: words in capitals stand for what a person puts there.
 * @returns null where the parser knows all of it
 */
function wrongIn(line: string): string | null {
  const words = line.split(/\s+/).filter((word) => word !== '');
  let command: Command = program;
  let known: Command = program;
  for (const word of words) {
    const below: Command | undefined = command.commands.find((each) => each.name() === word);
    if (below !== undefined) {
      command = below;
      known = below;
    } else if (word.startsWith('--')) {
      if (!optionsOf(known).includes(word.split('=')[0]!)) return `${known.name()} has no ${word}`;
    } else if (command === program) return `there is no command ${word}`;
    else command = LEAF;
  }
  return null;
}

/** Behind an argument no sub-command comes. */
const LEAF = new Command();

/** Quoted, after `npx`, or at the end of "Its log: " and the like; the end is that of the quotes, the sentence or the line. */
const LINE = /(?:npx |["`]|: )hemline ([a-z][^"`\n;,()]*)/g;

function commandLines(text: string): string[] {
  return [...text.matchAll(LINE)].map(([, line]) => line!.replace(/\s#.*$/, '').replace(/\.$/, ''));
}

describe('advice', () => {
  it('is found at all', () => {
    expect(ALL.flatMap(({ text }) => commandLines(text)).length).toBeGreaterThan(15);
    expect(ALL.filter(({ isRemedy, text }) => isRemedy && text.includes('--')).length).toBeGreaterThan(15);
    expect([
      wrongIn('trian MODEL'),
      wrongIn('forecast MODEL --model DIR'),
      wrongIn('launch process X --count 2'),
    ]).toEqual(['there is no command trian', 'forecast has no --model', null]);
  });

  it('names commands and options that the parser knows', () => {
    // Benchmarks are called after hemline.
    const wrong = ALL.filter(({ at }) => !at.startsWith('tools/benchmarks/')).flatMap(({ at, text }) =>
      commandLines(text).flatMap((line) => {
        const problem = wrongIn(line);
        return problem === null ? [] : [`${at}: hemline ${line}: ${problem}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('of errors names options that there are: of the command, or of an entrypoint or a tool where it is theirs', () => {
    const ofCommand = new Set(optionsOf(program));
    // Entrypoints and tools have them in their help; Node's is Node's.
    const others = ALL.filter(({ at, isRemedy }) => !isRemedy && OWN_PARSER.test(at));
    const ofOthers = new Set([
      ...others.flatMap(({ text }) => text.match(/--[a-z][a-z-]+/g) ?? []),
      ...['--help', '--max-old-space-size'],
    ]);
    const wrong = ALL.filter(({ isRemedy }) => isRemedy).flatMap(({ at, text }) =>
      (text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? [])
        .filter((option) => !ofCommand.has(option) && !(RUNS_ELSEWHERE.test(at) && ofOthers.has(option)))
        .map((option) => `${at}: ${option}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names scripts, programs and files that are there', () => {
    const scriptsOf = (folder: string): Record<string, string> => {
      const text = readFileSync(join(WORKSPACE, folder, 'package.json'), 'utf8');
      return (JSON.parse(text) as { scripts: Record<string, string> }).scripts;
    };
    const wrong = ALL.flatMap(({ at, text }) => [
      ...[...text.matchAll(/npm run ([a-z:-]*[a-z])(?: -w ([\w/-]+))?/g)]
        .filter(([, script, folder]) => !Object.hasOwn(scriptsOf(folder ?? '.'), script!))
        .map(([line]) => `${at}: ${line}`),
      ...[...text.matchAll(/hemline-node (\S+\.ts)/g)]
        .filter(([, file]) => !file!.includes(WORD) && !existsSync(join(WORKSPACE, file!)))
        .map(([line]) => `${at}: ${line}`),
    ]);
    expect(wrong).toEqual([]);
  });
});
