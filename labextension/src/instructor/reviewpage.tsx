import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useEffect, useRef } from 'react';

import type { Review } from '../api/types';
import { Action } from '../widgets/action';
import { Markdown } from '../widgets/markdown';
import { Results } from '../widgets/results';
import { format, moment } from '../widgets/words';
import { CriterionView, Remark } from './criterion';
import { points, undecided } from './decisions';
import type { ReviewDesk } from './reviewdesk';
import { pointsWord } from './reviewwords';
import { Source } from './source';

interface IProps {
  review: Review;
  desk: ReviewDesk;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** One answer to be judged by a rubric: what was written, what tests say, what an instructor says. */
export function ReviewPage(props: IProps): ReactElement {
  const { review, desk, rendermime, trans } = props;
  const { review: summary, prompt, verdict, rubric } = review;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, [summary.id]);
  return (
    <article className="jp-tutor-review">
      <h3 ref={heading} tabIndex={-1}>
        {trans.__('%1: %2', summary.learner_name, summary.exercise_title)}
      </h3>
      <p className="jp-tutor-quiet">
        {trans.__('Submission %1, %2', summary.number, moment(summary.submitted_at))}
      </p>
      <Notes {...props} />
      <details className="jp-tutor-earlier">
        <summary>{trans.__('What was asked')}</summary>
        <Markdown text={prompt} rendermime={rendermime} />
      </details>
      <h4>{trans.__('The answer')}</h4>
      <Source review={review} trans={trans} />
      {verdict === null ? null : (
        <details className="jp-tutor-earlier" open={!verdict.passed}>
          <summary>{trans.__('Tests: %1', verdict.summary)}</summary>
          <Results
            verdict={verdict}
            questions={[]}
            answers={[]}
            reveal={() => false}
            rendermime={rendermime}
            trans={trans}
          />
        </details>
      )}
      <h4>{trans.__('By the rubric')}</h4>
      {rubric.map((criterion, index) => (
        <CriterionView
          key={criterion.slug}
          criterion={criterion}
          number={index + 1}
          review={review}
          desk={desk}
          trans={trans}
        />
      ))}
      <Release {...props} />
      <Releases review={review} trans={trans} />
    </article>
  );
}

/** What has to be known before somebody decides. */
function Notes({ review, trans }: IProps): ReactElement {
  const { review: summary, newer, agreement, draft } = review;
  const blind = summary.no_draft === 'audited';
  return (
    <>
      {newer ? (
        <p className="jp-tutor-note">
          {trans.__('The learner has handed in a newer answer since: it is in the queue, too.')}
        </p>
      ) : null}
      {blind ? (
        <p className="jp-tutor-note">
          {trans.__(
            'This one is for a check: there is a draft, and it is hidden until you have decided.'
          )}
        </p>
      ) : summary.no_draft !== null ? (
        <p className="jp-tutor-note">{summary.no_draft_told}</p>
      ) : null}
      {agreement === null ? null : (
        <p className="jp-tutor-note">
          {trans.__(
            'You decided %1 of %2 criteria as the draft did, without having seen it.',
            agreement.agreed,
            agreement.of
          )}
        </p>
      )}
      {draft === null ? null : (
        <p className="jp-tutor-quiet">
          {trans.__('The draft is by %1; it may be wrong, and you decide.', draft.by.model)}
        </p>
      )}
    </>
  );
}

function Release({ review, desk, trans }: IProps): ReactElement {
  const decisions = desk.decisions(review);
  const left = undecided(review, decisions);
  const titles = review.rubric.filter(({ slug }) => left.includes(slug)).map(({ title }) => title);
  const { state, problem, outdated, criterion } = desk.releasing;
  const label =
    review.releases.length > 0 ? trans.__('Release anew') : trans.__('Release to the learner');
  return (
    <section className="jp-tutor-release" aria-label={trans.__('Release')}>
      <Remark
        label={trans.__('Comment on the whole, for the learner, if you like')}
        value={decisions.comment}
        change={comment => {
          desk.decide(review, { comment });
        }}
      />
      <p>
        <strong>
          {trans.__(
            '%1 of %2 points',
            format(points(review, decisions)),
            format(review.rubric_points)
          )}
        </strong>
        {left.length > 0 ? ` ${trans.__('Still to decide: %1.', titles.join(', '))}` : ''}
      </p>
      <div className="jp-tutor-actions">
        <Action
          className="jp-mod-accept"
          disabled={left.length > 0 || state === 'releasing'}
          onClick={() => void desk.release(review)}
        >
          {label}
        </Action>
        {outdated ? (
          <Action onClick={() => void desk.reload(review)}>{trans.__('Load it anew')}</Action>
        ) : null}
        <span role="status">
          {state === 'releasing' ? trans.__('Releasing…') : ''}
          {state === 'released' ? trans.__('Released: the learner sees it now.') : ''}
          {state === 'failed'
            ? criterion
              ? trans.__('Not released: see the criterion above.')
              : trans.__('Not released: %1', problem)
            : ''}
        </span>
      </div>
    </section>
  );
}

/** What was released before, the newest first. */
function Releases(props: { review: Review; trans: TranslationBundle }): ReactElement | null {
  const { review, trans } = props;
  if (review.releases.length === 0) {
    return null;
  }
  const title = (slug: string): string =>
    review.rubric.find(each => each.slug === slug)?.title ?? slug;
  return (
    <section aria-label={trans.__('Releases so far')}>
      <h4>{trans.__('Releases so far')}</h4>
      <ol className="jp-tutor-releases">
        {[...review.releases].reverse().map(({ at, by, points: given, criteria, comment }) => (
          <li key={at}>
            <p>
              {trans.__(
                '%1 by %2, %3',
                pointsWord(given, trans),
                by || trans.__('somebody'),
                moment(at)
              )}
            </p>
            <ul>
              {criteria.map(each => (
                <li key={each.slug}>
                  {trans.__('%1: %2', title(each.slug), format(each.points))}
                  {each.reason ? ` – ${each.reason}` : ''}
                </li>
              ))}
            </ul>
            {comment ? <blockquote>{comment}</blockquote> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
