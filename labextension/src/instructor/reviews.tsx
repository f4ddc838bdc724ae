import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { Action } from '../widgets/action';
import { Loading } from './loading';
import type { ReviewDesk } from './reviewdesk';
import { ReviewPage } from './reviewpage';
import { ReviewQueue } from './reviewqueue';

/** The review queue, or the review that was opened from it. */
export function ReviewsView(props: {
  desk: ReviewDesk;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}): ReactElement {
  const { desk, rendermime, trans } = props;
  return (
    <UseSignal signal={desk.changed}>
      {() =>
        desk.review.query === '' ? (
          <Loading of={desk.queue} trans={trans}>
            {reviews => <ReviewQueue desk={desk} reviews={reviews} trans={trans} />}
          </Loading>
        ) : (
          <>
            <Action onClick={() => void desk.close()}>{trans.__('Back to the queue')}</Action>
            <Loading of={desk.review} trans={trans}>
              {review =>
                review?.review.id === desk.review.query ? (
                  <ReviewPage review={review} desk={desk} rendermime={rendermime} trans={trans} />
                ) : null
              }
            </Loading>
          </>
        )
      }
    </UseSignal>
  );
}
