import { Dialogue } from '../dialogue/dialogue.tsx';
import { texts } from '../texts/texts.ts';

/** A row that was left as it is, since it has changed meanwhile. */
export interface Conflict {
  readonly article: string;
  readonly market: string;
  readonly why: string;
  readonly by: string | null;
}

/**
 * Shows the second of two people who decided what, before anything of the first is lost.
 * @param props what was left
 * @param props.conflicts the rows
 * @param props.close shows the rows as they are now
 * @returns the dialogue
 */
export function ConflictsDialogue({
  conflicts,
  close,
}: {
  readonly conflicts: readonly Conflict[];
  readonly close: () => void;
}): preact.JSX.Element {
  return (
    <Dialogue title={texts.conflicts.title} close={close} isWide>
      <p>{texts.conflicts.lead(conflicts.length, String(conflicts.length))}</p>
      <div class="scrolls" tabIndex={0} role="region" aria-label={texts.conflicts.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.conflicts.article}</th>
              <th scope="col">{texts.conflicts.market}</th>
              <th scope="col">{texts.conflicts.by}</th>
              <th scope="col">{texts.conflicts.why}</th>
            </tr>
          </thead>
          <tbody>
            {conflicts.slice(0, 500).map((conflict) => (
              <tr key={`${conflict.article} ${conflict.market}`}>
                <th scope="row">{conflict.article}</th>
                <td>{conflict.market}</td>
                <td>{conflict.by ?? texts.conflicts.unknown}</td>
                <td>{conflict.why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <footer>
        <button type="button" class="primary" onClick={close}>
          {texts.conflicts.show}
        </button>
      </footer>
    </Dialogue>
  );
}
