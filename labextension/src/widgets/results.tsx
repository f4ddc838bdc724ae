import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Question, TestResult, Verdict } from '../api/types';
import { QuestionResult } from './answered';
import { OutcomeBadge, Points } from './outcome';
import { Prose } from './prose';

/** Goes to a line of an answer cell in the notebook, and says whether there is such a cell. */
export type Reveal = (cell: string, line: number) => boolean;

interface IPlace {
  /** Ids of the answer cells, which can be gone to. */
  answers: readonly string[];
  reveal: Reveal;
  trans: TranslationBundle;
}

interface IResultProps extends IPlace {
  result: TestResult;
}

/** Blanks that would not be seen are shown as signs, as learners compare what was printed. */
export function visible(text: string): string {
  return text
    .replace(/\t/g, '→\t')
    .replace(/\u00a0/g, '⍽')
    .replace(/^ +| +$/gm, blanks => '·'.repeat(blanks.length));
}

interface IResultsProps extends IPlace {
  verdict: Verdict;
  /** The questions of a quiz: what came of them is told in their words. */
  questions: readonly Question[];
  rendermime: IRenderMimeRegistry;
}

/** The results of one run: cells that did not complete first, then every test or question. */
export function Results(props: IResultsProps): ReactElement {
  const { verdict, questions, rendermime, ...place } = props;
  const { trans } = place;
  const asked = new Map(questions.map(({ id, type }, index) => [id, { type, number: index + 1 }]));
  const stopped = verdict.cells.filter(({ outcome }) => outcome !== 'passed');
  const first =
    stopped.length > 0
      ? -1
      : verdict.results.findIndex(
          ({ name, outcome }) =>
            // Of a question that was left open there is nothing more to tell.
            outcome !== 'passed' && !(outcome === 'not_run' && asked.has(name))
        );
  return (
    <section className="jp-tutor-results" aria-label={trans.__('Results')}>
      {stopped.map((cell, index) => (
        <Detail key={`cell-${index}`} result={cell} {...place} cell open />
      ))}
      <ul
        className="jp-tutor-tests"
        aria-label={asked.size > 0 ? trans.__('Questions') : trans.__('Tests')}
      >
        {verdict.results.map((result, index) => {
          const question = asked.get(result.name);
          return (
            <li key={`${index}-${result.name}`}>
              {question ? (
                <QuestionResult
                  result={result}
                  {...question}
                  open={index === first}
                  rendermime={rendermime}
                  trans={trans}
                />
              ) : (
                <Detail result={result} {...place} open={index === first} />
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Detail(props: IResultProps & { open: boolean; cell?: boolean }): ReactElement {
  const { result, trans, open } = props;
  if (!hasMore(result)) {
    return (
      <div className="jp-tutor-test">
        <Head {...props} />
      </div>
    );
  }
  return (
    <details className="jp-tutor-test" open={open}>
      <summary>
        <Head {...props} />
      </summary>
      <div className="jp-tutor-test-body">
        {result.message ? (
          <p>
            <Prose text={result.message} />
          </p>
        ) : null}
        <Facts result={result} trans={trans} />
        <Failure {...props} />
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

function Head(props: {
  result: TestResult;
  trans: TranslationBundle;
  cell?: boolean;
}): ReactElement {
  const { result, trans, cell } = props;
  return (
    <>
      <OutcomeBadge outcome={result.outcome} trans={trans} />
      <span className="jp-tutor-test-name">
        {cell ? trans.__('Answer cell “%1” did not run to its end', result.name) : result.name}
      </span>
      {result.visibility === 'public' ? null : (
        <span className="jp-tutor-tag">{visibilityWord(result.visibility, trans)}</span>
      )}
      {result.weaker ? (
        <span
          className="jp-tutor-tag"
          title={trans.__('It ran in the same process as the answer, which could interfere.')}
        >
          {trans.__('weaker evidence')}
        </span>
      ) : null}
      {cell ? null : <Points result={result} trans={trans} />}
    </>
  );
}

function visibilityWord(visibility: TestResult['visibility'], trans: TranslationBundle): string {
  return visibility === 'withheld' ? trans.__('after the due date') : trans.__('secret');
}

function Facts(props: { result: TestResult; trans: TranslationBundle }): ReactElement | null {
  const { result, trans } = props;
  const { called, expected, got } = result;
  // Of two short values there is nothing to tell beyond the values.
  const said = result.difference === `expected ${expected}, got ${got}`;
  const difference = said ? '' : result.difference;
  if (!(called || expected || got || difference)) {
    return null;
  }
  return (
    <dl>
      <Fact name={trans.__('Called')} text={called} />
      <Fact name={trans.__('Expected')} text={expected} />
      <Fact name={trans.__('Got')} text={got} />
      <Fact name={trans.__('First difference')} text={difference} plain />
    </dl>
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

function Failure(props: IResultProps): ReactElement | null {
  const { result, trans, reveal } = props;
  const error = result.error;
  if (!error) {
    return null;
  }
  const own = new Set(props.answers);
  const raised = error.message ? `${error.type}: ${error.message}` : error.type;
  // What ends a run at its limit is ours: no exception that the learner could look up.
  const interrupted = result.outcome !== 'error' && result.outcome !== 'failed';
  // The test's own line is there as what was called.
  const frames = error.frames.filter(({ source }) => source.trim() !== result.called.trim());
  return (
    <div className="jp-tutor-failure">
      {error.explanation ? (
        <p>
          <Prose text={error.explanation} />
        </p>
      ) : null}
      {raised === result.got || interrupted ? null : <pre>{raised}</pre>}
      <ol>
        {folded(frames).map(({ frame, again }, index, shown) => (
          <li key={index}>
            {own.has(frame.cell) ? (
              <button
                type="button"
                className="jp-tutor-link"
                onClick={() => {
                  reveal(frame.cell, frame.line);
                }}
              >
                {props.answers.length === 1
                  ? trans.__('Line %1 of your cell', frame.line)
                  : trans.__('Line %1 of cell “%2”', frame.line, frame.cell)}
              </button>
            ) : (
              trans.__('Line %1 of “%2”', frame.line, frame.cell)
            )}
            <pre>
              {index === shown.length - 1 ? marked(frame.source, error.caret) : frame.source.trim()}
            </pre>
            {again ? <p className="jp-tutor-quiet">{trans.__('… again and again.')}</p> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}

type Frame = NonNullable<TestResult['error']>['frames'][number];

/** The lines that led to an error; those that a recursion went through over and over, once. */
export function folded(frames: readonly Frame[]): { frame: Frame; again: boolean }[] {
  const places = frames.map(({ cell, line }) => `${cell}:${line}`);
  const times = new Map<string, number>();
  for (const place of places) {
    times.set(place, (times.get(place) ?? 0) + 1);
  }
  const often = (index: number): boolean => (times.get(places[index] ?? '') ?? 0) > 2;
  return frames
    .map((frame, index) => ({ frame, again: often(index), index }))
    .filter(({ again, index }) => !again || places.indexOf(places[index] ?? '') === index)
    .map(({ frame, again }) => ({ frame, again }));
}

/** A line of code with a caret below the column, counted from 1, at which Python gave up. */
export function marked(source: string, column: number | null): string {
  if (column === null || column < 1 || column > source.length + 1) {
    return source.trim();
  }
  const indent = source.length - source.trimStart().length;
  return `${source.trim()}\n${' '.repeat(Math.max(0, column - 1 - indent))}^`;
}

function hasMore(result: TestResult): boolean {
  const message = result.outcome === 'passed' ? '' : result.message;
  const { called, expected, got, difference, stdout } = result;
  const texts = [message, called, expected, got, difference, stdout];
  return result.error !== null || texts.some(text => text !== '');
}
