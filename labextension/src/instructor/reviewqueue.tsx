import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Reviews, ReviewSummary } from '../api/types';
import { moment } from '../widgets/words';
import { Choice } from './choice';
import { share } from './figures';
import type { ReviewDesk } from './reviewdesk';
import { ReviewWork } from './reviewwork';
import { noteOf, statusWord, testsWord } from './reviewwords';

interface IProps {
  desk: ReviewDesk;
  reviews: Reviews;
  trans: TranslationBundle;
}

const STATUSES = ['waiting', 'reading', 'drafted', 'released'] as const;

/** The review queue: what waits longest first. */
export function ReviewQueue({ desk, reviews, trans }: IProps): ReactElement {
  if (reviews.exercises.length === 0) {
    return (
      <p className="jp-tutor-empty">
        {trans.__(
          'No exercise of this course has a rubric. An author gives one to a project, a review or anything else where tests do not say all.'
        )}
      </p>
    );
  }
  return (
    <>
      <ReviewWork desk={desk} reviews={reviews} trans={trans} />
      <Filters desk={desk} reviews={reviews} trans={trans} />
      {reviews.reviews.length === 0 ? (
        <p className="jp-tutor-empty">
          {desk.queue.query.exercise || desk.queue.query.status
            ? trans.__('There is no such answer.')
            : trans.__('Nobody has handed in an answer yet.')}
        </p>
      ) : (
        <Queue desk={desk} reviews={reviews} trans={trans} />
      )}
      {reviews.agreement.share === null ? null : (
        <p className="jp-tutor-quiet">
          {trans.__(
            'Of drafts that were checked blind, instructors decided %1 of %2 criteria the same (%3).',
            reviews.agreement.agreed,
            reviews.agreement.of,
            share(reviews.agreement.share)
          )}
        </p>
      )}
    </>
  );
}

function Filters({ desk, reviews, trans }: IProps): ReactElement {
  const { query } = desk.queue;
  return (
    <div className="jp-tutor-choosers">
      <Choice
        label={trans.__('Exercise')}
        value={query.exercise}
        options={[
          { value: '', label: trans.__('All exercises') },
          ...reviews.exercises.map(({ slug, title }) => ({ value: slug, label: title }))
        ]}
        choose={exercise => void desk.queue.ask({ ...query, exercise })}
      />
      <Choice
        label={trans.__('Status')}
        value={query.status}
        options={[
          { value: '', label: trans.__('All') },
          ...STATUSES.map(value => ({ value, label: statusWord(value, trans) }))
        ]}
        choose={status => void desk.queue.ask({ ...query, status })}
      />
    </div>
  );
}

function Queue({ desk, reviews, trans }: IProps): ReactElement {
  return (
    <div className="jp-tutor-scrolled">
      <table className="jp-tutor-table" aria-label={trans.__('Answers to review')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Learner')}</th>
            <th scope="col">{trans.__('Exercise')}</th>
            <th scope="col">{trans.__('Submitted')}</th>
            <th scope="col" className="jp-tutor-figure">
              {trans.__('Tests')}
            </th>
            <th scope="col">{trans.__('Status')}</th>
          </tr>
        </thead>
        <tbody>
          {reviews.reviews.map(review => (
            <Line key={review.id} review={review} desk={desk} trans={trans} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line(props: {
  review: ReviewSummary;
  desk: ReviewDesk;
  trans: TranslationBundle;
}): ReactElement {
  const { review, desk, trans } = props;
  const note = noteOf(review, trans);
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className="jp-tutor-link"
          onClick={() => void desk.open(review.id)}
          aria-label={trans.__('Review %1, %2', review.learner_name, review.exercise_title)}
        >
          {review.learner_name}
        </button>
      </th>
      <td>
        {review.exercise_title}{' '}
        <span className="jp-tutor-quiet">{trans.__('no. %1', review.number)}</span>
      </td>
      <td>{moment(review.submitted_at)}</td>
      <td className="jp-tutor-figure">{testsWord(review, trans)}</td>
      <td>
        <span className={`jp-tutor-tag jp-tutor-mod-${review.status}`}>
          {statusWord(review.status, trans)}
        </span>{' '}
        {note ? <span className="jp-tutor-quiet">{note}</span> : null}
      </td>
    </tr>
  );
}
