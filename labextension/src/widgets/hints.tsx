import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Exercise, Hint } from '../api/types';
import { Markdown } from './markdown';
import { levelWord, sourceWord } from './words';

interface IProps {
  facts: Exercise;
  /** Whether the answer is right: then hints are there to look up, and no more. */
  passed: boolean;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** The newest hint in full, the earlier ones folded away, and what the next request takes. */
export function Hints(props: IProps): ReactElement | null {
  const { facts, passed, trans, rendermime } = props;
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
      {latest && facts.ladder.next_level === null && facts.ladder.reason ? (
        <p className="jp-tutor-note">{facts.ladder.reason}</p>
      ) : null}
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

function OneHint(props: Omit<IProps, 'facts' | 'passed'> & { hint: Hint }): ReactElement {
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
