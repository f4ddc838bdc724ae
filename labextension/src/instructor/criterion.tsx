import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Criterion, Review } from '../api/types';
import { Prose } from '../widgets/prose';
import { differs, standing } from './decisions';
import type { ReviewDesk } from './reviewdesk';
import { doubtWord, pointsWord } from './reviewwords';

interface IProps {
  criterion: Criterion;
  /** Counted from 1, as in the marks of the source. */
  number: number;
  review: Review;
  desk: ReviewDesk;
  trans: TranslationBundle;
}

/** One criterion: its levels to choose from, what the draft says, and why one differs from that. */
export function CriterionView(props: IProps): ReactElement {
  const { criterion, number, review, desk, trans } = props;
  const { slug, title, question, levels, anchor } = criterion;
  const decisions = desk.decisions(review);
  const name = useId();
  const { releasing } = desk;
  return (
    <fieldset className="jp-tutor-criterion">
      <legend>
        <span className="jp-tutor-number">{number}</span> {title}
      </legend>
      <p>
        <Prose text={question} />
      </p>
      <Drafted {...props} />
      <div className="jp-tutor-levels">
        {levels.map(({ points, description }, level) => (
          <label key={level} className="jp-tutor-choice">
            <input
              type="radio"
              name={name}
              checked={decisions.levels[slug] === level}
              onChange={() => {
                desk.decide(review, { levels: { ...decisions.levels, [slug]: level } });
              }}
            />
            <span>
              <strong>{pointsWord(points, trans)}</strong> <Prose text={description} />
            </span>
          </label>
        ))}
      </div>
      <details className="jp-tutor-earlier">
        <summary>{trans.__('An example of level %1', anchor.level)}</summary>
        <pre>{anchor.example}</pre>
        <p>{anchor.reason}</p>
      </details>
      {differs(review, decisions, slug) ? (
        <Remark
          label={
            review.releases.length > 0
              ? trans.__('Why it differs from what was released (for instructors)')
              : trans.__('Why it differs from the draft (for instructors)')
          }
          value={decisions.reasons[slug] ?? ''}
          required
          change={text => {
            desk.decide(review, { reasons: { ...decisions.reasons, [slug]: text } });
          }}
        />
      ) : null}
      <Remark
        label={trans.__('Comment for the learner, if you like')}
        value={decisions.comments[slug] ?? ''}
        change={text => {
          desk.decide(review, { comments: { ...decisions.comments, [slug]: text } });
        }}
      />
      {releasing.criterion === slug ? (
        <p className="jp-tutor-wrong" role="alert">
          {releasing.problem}
        </p>
      ) : null}
    </fieldset>
  );
}

/** What stands by this criterion so far: the draft with its doubts, or what was released. */
function Drafted({ criterion, review, trans }: IProps): ReactElement | null {
  const { slug, levels } = criterion;
  const drafted = review.draft?.criteria.find(each => each.slug === slug);
  const released = review.releases.length > 0;
  const level = released ? standing(review)[slug] : drafted?.level;
  const described =
    level === undefined || level === null ? '' : pointsWord(levels[level]?.points ?? 0, trans);
  if (drafted === undefined && !released) {
    return null;
  }
  return (
    <div className="jp-tutor-aside">
      {released ? <p>{trans.__('Released: %1.', described)}</p> : null}
      {drafted === undefined ? null : (
        <>
          <p>
            {drafted.level === null
              ? trans.__('The draft leaves this to you.')
              : trans.__('Draft: %1.', pointsWord(levels[drafted.level]?.points ?? 0, trans))}
          </p>
          {drafted.doubts.map(doubt => (
            <p key={doubt} className="jp-tutor-doubt">
              {doubtWord(doubt, trans)}
            </p>
          ))}
          {drafted.evidence.length > 0 ? (
            <ul className="jp-tutor-quotes" aria-label={trans.__('Evidence')}>
              {drafted.evidence.map(({ line, text }, index) => (
                <li key={index}>
                  <span className="jp-tutor-quiet">{trans.__('Line %1', line)}</span>{' '}
                  <code>{text}</code>
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </div>
  );
}

/** A text of some lines. */
export function Remark(props: {
  label: string;
  value: string;
  required?: boolean;
  change: (text: string) => void;
}): ReactElement {
  const { label, value, required = false, change } = props;
  const id = useId();
  return (
    <div className="jp-tutor-field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={2}
        maxLength={2000}
        className="jp-tutor-input"
        value={value}
        required={required}
        aria-required={required}
        onChange={event => {
          change(event.target.value);
        }}
      />
    </div>
  );
}
