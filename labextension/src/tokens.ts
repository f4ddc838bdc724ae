import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { TutorClient } from './api/client';
import type { LessonOpener } from './model/lessons';
import type { ExerciseSession } from './model/session';
import type { CardWidget } from './widgets/cardwidget';

/** Talks to the tutor's routes. */
export const ITutorClient = new Token<TutorClient>(
  'jupyter-tutor:ITutorClient',
  'Talks to the routes of the tutor.'
);

/** The exercises of this page: one session each, shared by all of its views. */
export interface ITutorSessions {
  /** Returns the session of an exercise, begun when nobody has yet. */
  get(course: string, exercise: string): ExerciseSession;
  /** Emits the session in which a run or a grade settled, or a hint was given. */
  readonly settled: ISignal<ITutorSessions, ExerciseSession>;
}

export const ITutorSessions = new Token<ITutorSessions>(
  'jupyter-tutor:ITutorSessions',
  'The exercises of this page, one session each.'
);

/** The cards that are shown in notebooks. */
export interface ITutorCards {
  /** Returns the card of the exercise that the active cell belongs to, or null. */
  active(): CardWidget | null;
  /** Opens lessons and brings newer versions in. */
  readonly opener: LessonOpener;
}

export const ITutorCards = new Token<ITutorCards>(
  'jupyter-tutor:ITutorCards',
  'The cards of exercises that are shown in notebooks.'
);
