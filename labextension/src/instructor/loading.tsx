import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useEffect } from 'react';

import { Action } from '../widgets/action';
import type { Loaded } from './loaded';

/** Shows what was read, that it is being read, or why it could not be and a way to try again. */
export function Loading<T, Q>(props: {
  of: Loaded<T, Q>;
  trans: TranslationBundle;
  children: (value: T) => ReactElement | null;
}): ReactElement {
  const { of, trans, children } = props;
  useEffect(() => {
    of.begin();
  }, [of]);
  return (
    <UseSignal signal={of.changed}>
      {() => (
        <div className="jp-tutor-loaded" aria-busy={of.loading}>
          {of.problem ? (
            <div className="jp-tutor-problem" role="alert">
              <p>{of.problem}</p>
              <Action onClick={() => void of.refresh()}>{trans.__('Try again')}</Action>
            </div>
          ) : null}
          {of.value === null ? (
            of.problem ? null : (
              <p className="jp-tutor-quiet" role="status">
                {trans.__('Loading…')}
              </p>
            )
          ) : (
            children(of.value)
          )}
        </div>
      )}
    </UseSignal>
  );
}
