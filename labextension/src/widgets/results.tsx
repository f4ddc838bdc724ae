import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { TestResult, Verdict } from '../api/types';
import { OutcomeBadge } from './outcome';

/** Goes to a line of an answer cell in the notebook. */
export type Reveal = (cell: string, line: number) => void;

interface IProps {
  verdict: Verdict;
  trans: TranslationBundle;
  reveal: Reveal;
}

/** Blanks that would not be seen are shown as signs, as learners compare what was printed. */
export function visible(text: string): string {
  return text.replace(/\t/g, '→\t').replace(/ +$/gm, blanks => '·'.repeat(blanks.length));
}

/** The results of one run: cells that did not complete first, then every test. */
export function Results({ verdict, trans, reveal }: IProps): ReactElement {
  return (
    <div className="jp-tutor-results">
      {verdict.cells.map((cell, index) => (
        <Detail key={`cell-${index}`} result={cell} trans={trans} reveal={reveal} cell />
      ))}
      <ul className="jp-tutor-tests" aria-label={trans.__('Tests')}>
        {verdict.results.map((result, index) => (
          <li key={`${index}-${result.name}`}>
            <Detail result={result} trans={trans} reveal={reveal} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Detail(props: {
  result: TestResult;
  trans: TranslationBundle;
  reveal: Reveal;
  cell?: boolean;
}): ReactElement {
  const { result, trans, reveal, cell } = props;
  const passed = result.outcome === 'passed';
  const points = trans.__('%1 of %2', format(result.earned), format(result.points));
  const head = (
    <>
      <OutcomeBadge outcome={result.outcome} trans={trans} />
      <span className="jp-tutor-test-name">
        {cell ? trans.__('Answer cell “%1” did not run to its end', result.name) : result.name}
      </span>
      {result.visibility === 'public' ? null : (
        <span className="jp-tutor-tag">{trans.__('secret')}</span>
      )}
      {cell ? null : <span className="jp-tutor-points">{points}</span>}
    </>
  );
  if (!hasMore(result)) {
    return <div className="jp-tutor-test">{head}</div>;
  }
  return (
    <details className="jp-tutor-test" open={!passed}>
      <summary>{head}</summary>
      <div className="jp-tutor-test-body">
        {result.message ? <p>{result.message}</p> : null}
        <dl>
          <Fact name={trans.__('Called')} text={result.called} />
          <Fact name={trans.__('Expected')} text={result.expected} />
          <Fact name={trans.__('Got')} text={result.got} />
          <Fact name={trans.__('First difference')} text={result.difference} plain />
        </dl>
        {result.error ? <Failure result={result} trans={trans} reveal={reveal} /> : null}
        {result.stdout ? (
          <details className="jp-tutor-printed">
            <summary>{trans.__('Printed')}</summary>
            <pre>{result.stdout}</pre>
          </details>
        ) : null}
      </div>
    </details>
  );
}

function Fact(props: { name: string; text: string; plain?: boolean }): ReactElement | null {
  if (!props.text) {
    return null;
  }
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.plain ? props.text : <pre>{visible(props.text)}</pre>}</dd>
    </div>
  );
}

function Failure(props: {
  result: TestResult;
  trans: TranslationBundle;
  reveal: Reveal;
}): ReactElement | null {
  const { result, trans, reveal } = props;
  const error = result.error;
  if (!error) {
    return null;
  }
  return (
    <div className="jp-tutor-failure">
      {error.explanation ? <p>{error.explanation}</p> : null}
      <pre>{error.message ? `${error.type}: ${error.message}` : error.type}</pre>
      <ol>
        {error.frames.map((frame, index) => (
          <li key={index}>
            <button
              type="button"
              className="jp-tutor-link"
              onClick={() => {
                reveal(frame.cell, frame.line);
              }}
            >
              {trans.__('Line %1 of cell “%2”', frame.line, frame.cell)}
            </button>
            <pre>{frame.source}</pre>
          </li>
        ))}
      </ol>
    </div>
  );
}

function hasMore(result: TestResult): boolean {
  const message = result.outcome === 'passed' ? '' : result.message;
  const { called, expected, got, difference, stdout } = result;
  const texts = [message, called, expected, got, difference, stdout];
  return result.error !== null || texts.some(text => text !== '');
}

/** A number of points without needless zeros. */
export function format(points: number): string {
  return String(Math.round(points * 100) / 100);
}
