import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { TestResult } from '../api/types';
import { format } from './words';

type Outcome = TestResult['outcome'];

/** The word for an outcome; an icon alone would be for those only who see it. */
export function outcomeWord(outcome: Outcome, trans: TranslationBundle): string {
  switch (outcome) {
    case 'passed':
      return trans.__('Passed');
    case 'failed':
      return trans.__('Failed');
    case 'error':
      return trans.__('Error');
    case 'timeout':
      return trans.__('Took too long');
    case 'cpu_limit':
      return trans.__('Computed too long');
    case 'memory_limit':
      return trans.__('Too much memory');
    case 'output_limit':
      return trans.__('Printed too much');
    case 'process_limit':
      return trans.__('Too many processes');
    case 'not_run':
      return trans.__('Not run');
  }
}

const PATHS: Record<'passed' | 'failed' | 'other', string> = {
  passed: 'M3.5 8.5l3 3 6-7',
  failed: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  other: 'M8 2v7.5M8 12v2'
};

/** The word for what came of a question. */
export function answerWord(outcome: Outcome, trans: TranslationBundle): string {
  switch (outcome) {
    case 'passed':
      return trans.__('Right');
    case 'failed':
      return trans.__('Not right');
    case 'not_run':
      return trans.__('Not answered');
    default:
      return outcomeWord(outcome, trans);
  }
}

/** An outcome as icon and word; `word` is for those that have another one. */
export function OutcomeBadge(props: {
  outcome: Outcome;
  word?: string;
  trans: TranslationBundle;
}): ReactElement {
  const { outcome, word, trans } = props;
  const kind = outcome === 'passed' ? 'passed' : outcome === 'failed' ? 'failed' : 'other';
  return (
    <span className={`jp-tutor-outcome jp-tutor-mod-${kind}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        <path d={PATHS[kind]} fill="none" stroke="currentColor" strokeWidth="2" />
      </svg>
      <span>{word ?? outcomeWord(outcome, trans)}</span>
    </span>
  );
}

/** How many of its points something earned. */
export function Points(props: { result: TestResult; trans: TranslationBundle }): ReactElement {
  const { result, trans } = props;
  return (
    <span className="jp-tutor-points">
      {trans.__('%1 of %2', format(result.earned), format(result.points))}
      <span className="jp-tutor-hidden"> {trans.__('points')}</span>
    </span>
  );
}
