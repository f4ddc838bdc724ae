import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Question, TestResult } from '../api/types';
import { Markdown } from './markdown';
import { answerWord, OutcomeBadge, Points } from './outcome';

interface IProps {
  result: TestResult;
  /** Place of the question in the quiz, from 1. */
  number: number;
  type: Question['type'];
  open: boolean;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** What came of one question: its number and text, what was answered, and what is said of that. */
export function QuestionResult(props: IProps): ReactElement {
  const { result, number, type, open, rendermime, trans } = props;
  const answered = result.outcome !== 'not_run';
  const head = (
    <>
      <OutcomeBadge
        outcome={result.outcome}
        word={answerWord(result.outcome, trans)}
        trans={trans}
      />
      <div className="jp-tutor-test-name jp-tutor-asked">
        <span>{trans.__('%1.', number)}</span>
        <Markdown text={result.called} rendermime={rendermime} />
      </div>
      <Points result={result} trans={trans} />
    </>
  );
  if (!answered) {
    return <div className="jp-tutor-test jp-tutor-mod-question">{head}</div>;
  }
  return (
    <details className="jp-tutor-test jp-tutor-mod-question" open={open}>
      <summary>{head}</summary>
      <div className="jp-tutor-test-body">
        <dl>
          <div>
            <dt>{trans.__('Your answer')}</dt>
            <dd>
              {type === 'single' || type === 'multiple' ? (
                <Markdown text={result.got} rendermime={rendermime} />
              ) : (
                // What was typed is the learner's own, and no Markdown.
                result.got
              )}
            </dd>
          </div>
        </dl>
        {result.message ? <Markdown text={result.message} rendermime={rendermime} /> : null}
      </div>
    </details>
  );
}
