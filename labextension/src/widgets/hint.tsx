import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Hint, Ladder } from '../api/types';
import type { ExerciseSession } from '../model/session';
import { Explanation } from './explanation';
import { Feedback } from './feedback';
import { Markdown } from './markdown';
import { format, levelWord, sourceTag, sourceWord } from './words';

/** Rungs above the result. */
const RUNGS = [1, 2, 3, 4, 5];

interface IProps {
  hint: Hint;
  ladder: Ladder;
  session: ExerciseSession;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** A hint that is open: its rung, who made it, its text, and what the learner thinks of it. */
export function OpenHint(props: IProps): ReactElement {
  return (
    <article className="jp-tutor-hint">
      <p className="jp-tutor-hint-head">
        <Head {...props} />
      </p>
      <Body {...props} />
    </article>
  );
}

/** A hint that was followed by another one: folded away, under its rung. */
export function EarlierHint(props: IProps): ReactElement {
  return (
    <details className="jp-tutor-earlier">
      <summary className="jp-tutor-hint-head">
        <Head {...props} />
      </summary>
      <div className="jp-tutor-hint">
        <Body {...props} />
      </div>
    </details>
  );
}

function Head({ hint, trans }: IProps): ReactElement {
  return (
    <>
      <strong className="jp-tutor-rung">{levelWord(hint.level_name, trans)}</strong>{' '}
      {hint.level > 0 ? (
        <>
          <span className="jp-tutor-rungs" aria-hidden="true">
            {RUNGS.map(rung => (
              <i key={rung} className={rung <= hint.level ? 'jp-tutor-mod-reached' : ''} />
            ))}
          </span>
          <span className="jp-tutor-quiet">
            {trans.__('%1 of %2', hint.level, RUNGS.length)}
          </span>{' '}
        </>
      ) : null}
      <span className="jp-tutor-tag">{sourceTag(hint.source, trans)}</span>{' '}
      <span className="jp-tutor-quiet">{sourceWord(hint.source, trans)}</span>
      {hint.cost > 0 ? (
        <>
          {' '}
          <span className="jp-tutor-price">
            {trans._n('cost %1 point', 'cost %1 points', Number(format(hint.cost)))}
          </span>
        </>
      ) : null}
    </>
  );
}

function Body({ hint, ladder, session, rendermime, trans }: IProps): ReactElement {
  return (
    <>
      <div className="jp-tutor-hint-text" lang={hint.language}>
        <Markdown text={hint.text} rendermime={rendermime} />
      </div>
      {hint.level_name === 'bottom-out' ? (
        <Explanation
          hint={hint}
          question={ladder.to_explain === hint.id ? ladder.explain : ''}
          session={session}
          trans={trans}
        />
      ) : null}
      <Feedback hint={hint} session={session} trans={trans} />
    </>
  );
}
