import { readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Exports, G, H, dated, line } from './support/exports.ts';

/* What people have in exports and cannot be read as it is; see odd-exports. */

let exports: Exports;
beforeEach(async () => {
  exports = await Exports.make();
});
afterEach(() => exports.remove());

describe('is refused with a place and a remedy', () => {
  it.each<[string, string | Buffer, object, RegExp]>([
    [
      'months in another language',
      `${H}${line('4. März 2024')}`,
      {},
      /line 2, column day.*found "4\. März 2024".*"format"/,
    ],
    ['days of Excel', `${H}${line('45355')}`, {}, /line 2, column day.*found "45355"/],
    ['seconds since 1970', `${H}${line('1709510400')}`, {}, /line 2, column day.*found "1709510400"/],
    ['months without days', `${H}${line('2024-03')}`, {}, /line 2, column day.*found "2024-03"/],
    [
      'a format without days',
      `${H}${line('2024-03')}`,
      dated('%Y-%m'),
      /format\.date: expected day, month and year/,
    ],
    ['weeks by their number', `${H}${line('2024-W10')}`, {}, /found "2024-W10".*"%G-W%V"/],
    [
      'weeks of another kind',
      `${H}${line('2024-W10')}`,
      dated('%Y-W%W'),
      /format\.date: weeks of %W and %U are none of ISO/,
    ],
    [
      'weeks with the year of the day',
      `${H}${line('2024-W10')}`,
      dated('%Y-W%V'),
      /format\.date: the week %V.*%G/,
    ],
    [
      'a week that the year has not',
      `${H}${line('2021-W53')}`,
      dated('%G-W%V'),
      /line 2, column day.*found "2021-W53"/,
    ],
    ['years of two digits for four', `${H}${line('04.03.24')}`, dated('%d.%m.%Y'), /found "04\.03\.24"/],
    ['a day that is none', `${H}${line('0000-00-00')}`, {}, /found "0000-00-00"/],
    ['a line of blanks', `${H}${G}   \n`, {}, /line 3 cannot be read .*expected 5 columns, found 1:/],
    [
      'a line of delimiters',
      `${H}${G},,,,\n`,
      {},
      /line 3, column sku.*an article in every line, found nothing/,
    ],
    ['a header again', `${H}${G}${H}`, {}, /line 3, column day.*found "day"/],
    ['a sum at the end', `${H}${G}Total,,,1,9.5\n`, {}, /line 3, column shop.*a rule of sales\.leaveOut/],
    ['a remark at the end', `${H}${G}-- 1 row --\n`, {}, /line 3 cannot be read .*found 1: -- 1 row --/],
    [
      'a decimal comma between commas',
      `${H}A,north,2024-03-04,1,9,5\n`,
      {},
      /line 2 cannot be read .*found 6: A,north/,
    ],
    [
      'a currency sign',
      `${H}${line('2024-03-04', '1', '€9.50')}`,
      {},
      /column price.*found "€9\.50".*without currency/,
    ],
    [
      'a currency behind',
      `${H}${line('2024-03-04', '1', '9.50 EUR')}`,
      {},
      /found "9\.50 EUR".*without currency/,
    ],
    ['a unit', `${H}${line('2024-03-04', '1 pcs')}`, {}, /column qty.*found "1 pcs".*unit/],
    ['returns in brackets', `${H}${line('2024-03-04', '(1)')}`, {}, /column qty.*found "\(1\)".*brackets/],
    ['a minus behind', `${H}${line('2024-03-04', '1-')}`, {}, /column qty.*found "1-"/],
    ['a typographic minus', `${H}${line('2024-03-04', '\u22121')}`, {}, /column qty.*found "−1"/],
    ['digits with underscores', `${H}${line('2024-03-04', '1_0')}`, {}, /column qty.*found "1_0"/],
    ['NULL', `${H}${line('2024-03-04', '1', 'NULL')}`, {}, /column price.*found "NULL"/],
    ['a title above the header', `Sales\n\n${H}${G}`, {}, /found Sales\..*format\.skip/],
    [
      'a quote above the header',
      `Sales, "all\n${H}${G}`,
      { format: { skip: 1 } },
      /not closed .*found Sales, "all/,
    ],
    ['more to skip than there is', H + G, { format: { skip: 5 } }, /no header .*fewer than 6 lines/],
    ['a line for Excel', `sep=;\n${H}`, {}, /one for Excel .*"skip": 1, "delimiter": ";"/],
    ['UTF-16', Buffer.from(`\ufeff${H}${G}`, 'utf16le'), {}, /found text in UTF-16\. .*"encoding": "utf-16"/],
    [
      'UTF-16 of the other kind',
      Buffer.from(`\ufeff${H}${G}`, 'utf16le').swap16(),
      { format: { encoding: 'utf-16' } },
      /higher byte\. Save it as UTF-8/,
    ],
    ['gzip under another name', gzipSync(H + G), {}, /found gzip\. .*\.gz/],
    [
      'a workbook under another name',
      Buffer.from('PK\u0003\u0004…'),
      {},
      /found a ZIP archive or a workbook\. .*\.xlsx/,
    ],
    ['a web page under another name', '<html><table><tr><td>sku', {}, /found a web page/],
    ['bytes that are no text', `${H}A\u0000B,north,2024-03-04,1,2\n`, {}, /found bytes that are no text/],
    [
      'several currencies',
      `sku,shop,day,qty,price,Order Currency\nA,n,2024-03-04,1,9,EUR\nA,n,2024-03-05,1,90,SEK\n`,
      {},
      /two currencies .*column Order Currency.*found EUR and SEK in n\./,
    ],
  ])('%s', async (_, text, map, message) => {
    await expect(exports.imported(text, map)).rejects.toThrow(message);
    expect(await readdir(exports.folder)).not.toContain('out');
  });
});
