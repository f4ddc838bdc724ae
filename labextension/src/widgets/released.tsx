import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Submission } from '../api/types';
import { Prose } from './prose';
import { format } from './words';

type Given = NonNullable<Submission['review']>;

/** What an instructor decided of an answer by a rubric, or that they read it too. */
export function Released(props: { review: Given; trans: TranslationBundle }): ReactElement {
  const { review, trans } = props;
  if (!review.released) {
    return <p className="jp-tutor-note">{review.message}</p>;
  }
  return (
    <section className="jp-tutor-released" aria-label={trans.__('What an instructor says')}>
      <p className="jp-tutor-released-points">
        {review.message}{' '}
        {trans.__(
          '%1 of %2 points',
          format(review.points_earned ?? 0),
          format(review.points_possible)
        )}
      </p>
      {review.comment ? (
        <p>
          <Prose text={review.comment} />
        </p>
      ) : null}
      <dl>
        {review.criteria.map(one => (
          <div key={one.slug}>
            <dt>
              {one.title}{' '}
              <span className="jp-tutor-quiet">
                {trans.__('%1 of %2 points', format(one.points), format(one.points_possible))}
              </span>
            </dt>
            <dd>{one.description}</dd>
            {one.comment ? (
              <dd className="jp-tutor-released-comment">
                <Prose text={one.comment} />
              </dd>
            ) : null}
          </div>
        ))}
      </dl>
    </section>
  );
}
