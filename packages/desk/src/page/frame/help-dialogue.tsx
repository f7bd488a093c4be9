import { Dialogue } from '../dialogue/dialogue.tsx';
import { texts } from '../texts/texts.ts';

/**
 * The keys.
 * @param props of the dialogue
 * @param props.close leaves it
 * @returns the dialogue
 */
export function HelpDialogue({ close }: { readonly close: () => void }): preact.JSX.Element {
  return (
    <Dialogue title={texts.help.title} close={close}>
      <table class="keys">
        <tbody>
          {texts.help.keys.map(([keys, does]) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialogue>
  );
}
