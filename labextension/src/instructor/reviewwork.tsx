import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Reviews } from '../api/types';
import { Action } from '../widgets/action';
import { budget } from './figures';
import type { Done, ReviewDesk } from './reviewdesk';

/** The states of a batch that brings nothing any more. */
const ENDED: readonly string[] = ['collected', 'lost', 'refused'];

type Exercise = Reviews['exercises'][number];

interface IProps {
  desk: ReviewDesk;
  reviews: Reviews;
  trans: TranslationBundle;
}

/** What can be done for all answers to an exercise at once, and what came of it. */
export function ReviewWork({ desk, reviews, trans }: IProps): ReactElement {
  return (
    <section className="jp-tutor-work" aria-label={trans.__('Exercises with a rubric')}>
      {reviews.model === '' ? (
        <p className="jp-tutor-quiet">
          {trans.__('No language model is configured: every answer is for you to decide.')}
        </p>
      ) : null}
      <ul>
        {reviews.exercises.map(exercise => (
          <Work
            key={exercise.slug}
            exercise={exercise}
            desk={desk}
            reviews={reviews}
            trans={trans}
          />
        ))}
      </ul>
      {reviews.open_batches.map(batch => (
        <p key={batch.id} className="jp-tutor-note">
          {batch.told}
        </p>
      ))}
      {reviews.open_batches.some(({ state }) => !ENDED.includes(state)) ? (
        <Action disabled={desk.busy} onClick={() => void desk.collect()}>
          {trans.__('Ask for the batches now')}
        </Action>
      ) : null}
      <div role="status">
        {desk.busy ? <p>{trans.__('Working…')}</p> : null}
        {desk.done !== null && !desk.busy ? <Told done={desk.done} trans={trans} /> : null}
      </div>
    </section>
  );
}

interface IWorkProps extends IProps {
  exercise: Exercise;
}

function Work(props: IWorkProps): ReactElement {
  const { exercise, desk, reviews, trans } = props;
  const { slug, title, waiting, reading, drafted, undoubted, released } = exercise;
  const reads = reviews.model !== '' && waiting > 0;
  return (
    <li>
      <p>
        <strong>{title}</strong>{' '}
        <span className="jp-tutor-quiet">
          {trans.__(
            '%1 waiting, %2 being read, %3 drafted, %4 released',
            waiting,
            reading,
            drafted,
            released
          )}
        </span>
      </p>
      {reads || undoubted.length > 0 ? (
        <div className="jp-tutor-buttons" role="group" aria-label={title}>
          {reads ? (
            <Action disabled={desk.busy} onClick={() => void desk.read(slug, 'now')}>
              {trans.__('Draft by the model now')}
            </Action>
          ) : null}
          {reads && reviews.batches ? (
            <Action disabled={desk.busy} onClick={() => void desk.read(slug, 'batch')}>
              {trans.__('As a batch, at half the price')}
            </Action>
          ) : null}
          {undoubted.length > 0 ? (
            <Action disabled={desk.busy} onClick={() => void releaseAsked(props)}>
              {trans._n(
                'Release the draft without doubts',
                'Release all %1 drafts without doubts',
                undoubted.length
              )}
            </Action>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

/** Releases the drafts that were shown, after asking whether that is meant. */
async function releaseAsked({ exercise, desk, trans }: IWorkProps): Promise<void> {
  const { slug, title, undoubted } = exercise;
  const { button } = await showDialog({
    title: trans.__('Release to the learners?'),
    body: trans._n(
      'The draft of “%2” is released as it is, without a person having decided. The learner sees level and points at once.',
      '%1 drafts of “%2” are released as they are, without a person having decided. The learners see levels and points at once.',
      undoubted.length,
      title
    ),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Release') })]
  });
  if (button.accept) {
    await desk.releaseUndoubted(slug, undoubted);
  }
}

function Told({ done, trans }: { done: Done; trans: TranslationBundle }): ReactElement {
  switch (done.kind) {
    case 'failed':
      return <p className="jp-tutor-problem">{done.problem}</p>;
    case 'unreleased':
      return (
        <p className="jp-tutor-problem">
          {trans.__('What you decided for %1 was not released: %2', done.learner, done.problem)}
        </p>
      );
    case 'released':
      return (
        <p className="jp-tutor-note">
          {trans._n('%1 draft released', '%1 drafts released', done.released)}
          {'. '}
          {trans._n('%1 answer is left to you.', '%1 answers are left to you.', done.left)}
        </p>
      );
    case 'collected':
      return (
        <p className="jp-tutor-note">
          {trans.__('%1 batches fetched, %2 still being read.', done.collected, done.running)}
        </p>
      );
    case 'read': {
      const { begun, already, most_cost, not_begun, mode } = done.readings;
      return (
        <div className="jp-tutor-note">
          <p>
            {mode === 'batch'
              ? trans._n(
                  '%1 answer goes into a batch, for %2 at most; it may take hours.',
                  '%1 answers go into a batch, for %2 at most; it may take hours.',
                  begun,
                  budget(most_cost)
                )
              : trans._n(
                  '%1 answer is being read, for %2 at most.',
                  '%1 answers are being read, for %2 at most.',
                  begun,
                  budget(most_cost)
                )}{' '}
            {already > 0 ? trans._n('%1 was read before.', '%1 were read before.', already) : ''}
          </p>
          {not_begun.length > 0 ? (
            <>
              <p>{trans.__('Left out:')}</p>
              <ul>
                {not_begun.map(({ why, told, answers }) => (
                  <li key={why}>
                    {trans._n('%1 answer', '%1 answers', answers)}: {told}
                  </li>
                ))}
              </ul>
            </>
          ) : null}
        </div>
      );
    }
  }
}
