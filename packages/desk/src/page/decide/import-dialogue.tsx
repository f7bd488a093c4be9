import { useState } from 'preact/hooks';
import type { Imported } from '../../api/index.ts';
import { Dialogue } from '../dialogue/dialogue.tsx';
import { useDesk } from '../frame/desk.ts';
import { texts } from '../texts/texts.ts';

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  jsonl: 'application/jsonl',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * Takes a file of the prices in the shop, and shows what did not fit.
 * @param props of the dialogue
 * @param props.close leaves it
 * @returns the dialogue
 */
export function ImportDialogue({ close }: { readonly close: () => void }): preact.JSX.Element {
  const { client, fail, changed, common } = useDesk();
  const [file, setFile] = useState<File | null>(null);
  const [isSending, setSending] = useState(false);
  const [result, setResult] = useState<Imported | null>(null);
  const type = file === null ? undefined : TYPES[file.name.split('.').at(-1)!.toLowerCase()];
  const submit = (event: Event): void => {
    event.preventDefault();
    if (file === null || type === undefined || isSending) return;
    setSending(true);
    client
      .upload<Imported>('/api/import', file, type)
      .then((answer) => {
        setResult(answer);
        changed();
      }, fail)
      .finally(() => setSending(false));
  };
  return (
    <Dialogue title={texts.exchange.importTitle} close={close} isWide={result !== null}>
      {result === null ? (
        <form onSubmit={submit}>
          <p>{texts.exchange.importLead}</p>
          <label class="field">
            {texts.exchange.file}
            <input
              type="file"
              accept=".csv,.jsonl,.ndjson,.parquet"
              onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
            />
          </label>
          {file !== null && type === undefined && (
            <p class="problem" role="alert">
              {texts.exchange.wrongType}
            </p>
          )}
          <footer>
            <button type="button" onClick={close}>
              {texts.cancel}
            </button>
            <button type="submit" class="primary" disabled={type === undefined || isSending}>
              {isSending ? texts.exchange.sending : texts.exchange.send}
            </button>
          </footer>
        </form>
      ) : (
        <>
          <p role="status">
            {texts.exchange.result(
              common.count(result.applied),
              common.count(result.unchanged),
              common.count(result.differing),
            )}
          </p>
          {result.conflicts.length === 0 ? (
            <p class="muted">{texts.exchange.noConflicts}</p>
          ) : (
            <>
              <h3>
                {texts.exchange.conflicts(result.conflicts.length, common.count(result.conflicts.length))}
              </h3>
              <div class="scrolls" tabIndex={0} role="region" aria-label={texts.conflicts.why}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{texts.conflicts.article}</th>
                      <th scope="col">{texts.conflicts.market}</th>
                      <th scope="col">{texts.exchange.week}</th>
                      <th scope="col">{texts.conflicts.why}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {result.conflicts.slice(0, 500).map(({ article, market, week, why }) => (
                      <tr key={`${article} ${market} ${week}`}>
                        <th scope="row">{article}</th>
                        <td>{market}</td>
                        <td>{week}</td>
                        <td>{why}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )}
          <footer>
            <button type="button" class="primary" onClick={close}>
              {texts.close}
            </button>
          </footer>
        </>
      )}
    </Dialogue>
  );
}
