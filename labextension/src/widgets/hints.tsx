import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Exercise, Hint, Ladder } from '../api/types';
import { Markdown } from './markdown';
import { counting, useRemaining } from './timing';
import { levelWord, openNow, sourceWord } from './words';

interface IProps {
  facts: Exercise;
  /** When the ladder came from the server, in milliseconds since the epoch. */
  since: number;
  /** Whether it is told elsewhere already why there is no further hint now. */
  told: boolean;
  /** Whether the answer is right: then hints are there to look up, and no more. */
  passed: boolean;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** The newest hint in full, the earlier ones folded away, and what the next request takes. */
export function Hints(props: IProps): ReactElement | null {
  const { facts, since, passed, told, trans, rendermime } = props;
  const heading = useId();
  if (facts.hints.length === 0) {
    return null;
  }
  const latest = passed ? undefined : facts.hints.at(-1);
  const earlier = facts.hints.filter(hint => hint !== latest);
  return (
    <section className="jp-tutor-hints" aria-labelledby={heading}>
      <h4 id={heading} className={passed ? 'jp-tutor-hidden' : ''}>
        {trans.__('Hints')}
      </h4>
      {latest ? <OneHint hint={latest} rendermime={rendermime} trans={trans} /> : null}
      {latest && !told ? <Wait ladder={facts.ladder} since={since} trans={trans} /> : null}
      {earlier.length > 0 ? (
        <details className="jp-tutor-earlier">
          <summary>{trans._n('%1 earlier hint', '%1 earlier hints', earlier.length)}</summary>
          <ol>
            {earlier.map(hint => (
              <li key={hint.id}>
                <OneHint hint={hint} rendermime={rendermime} trans={trans} />
              </li>
            ))}
          </ol>
        </details>
      ) : null}
    </section>
  );
}

/** What has to happen before the next hint, where something has. */
function Wait(props: {
  ladder: Ladder;
  since: number;
  trans: TranslationBundle;
}): ReactElement | null {
  const { ladder, since, trans } = props;
  const seconds = useRemaining(ladder, since);
  if (ladder.next_level !== null || !ladder.reason) {
    return null;
  }
  return (
    <p className="jp-tutor-note">
      {seconds === 0 ? openNow(trans) : counting(ladder.reason, seconds)}
    </p>
  );
}

function OneHint(props: Pick<IProps, 'rendermime' | 'trans'> & { hint: Hint }): ReactElement {
  const { hint, trans, rendermime } = props;
  return (
    <div className="jp-tutor-hint" lang={hint.language}>
      <p className="jp-tutor-hint-head">
        <span className="jp-tutor-tag">{levelWord(hint.level_name, trans)}</span>{' '}
        <span className="jp-tutor-quiet">{sourceWord(hint.source, trans)}</span>
      </p>
      <Markdown text={hint.text} rendermime={rendermime} />
    </div>
  );
}
