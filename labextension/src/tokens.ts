import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { TutorClient } from './api/client';
import type { Consents } from './model/consents';
import type { LessonOpener } from './model/lessons';
import type { Overview } from './model/overview';
import type { ExerciseSession } from './model/session';
import type { CardWidget } from './widgets/cardwidget';

/** Talks to the tutor's routes. */
export const ITutorClient = new Token<TutorClient>(
  'jupyter-tutor:ITutorClient',
  'Talks to the routes of the tutor.'
);

/** The course that the side panel shows, and all there are. */
export const ITutorOverview = new Token<Overview>(
  'jupyter-tutor:ITutorOverview',
  'The courses of this server, and the one that the side panel shows.'
);

/** The exercises of this page: one session each, shared by all of its views. */
export interface ITutorSessions {
  /** Returns the session of an exercise, begun when nobody has yet. */
  get(course: string, exercise: string): ExerciseSession;
  /** Takes over what was done elsewhere, in another tab for instance. */
  synchronise(): void;
  /** Asks again now, in every exercise, what the tutor did not answer while it was away. */
  hurry(): void;
  /** Emits the session in which a run or a grade settled, or a hint was given. */
  readonly settled: ISignal<ITutorSessions, ExerciseSession>;
  /** Emits when another tab told that something settled there. */
  readonly elsewhere: ISignal<ITutorSessions, void>;
}

export const ITutorSessions = new Token<ITutorSessions>(
  'jupyter-tutor:ITutorSessions',
  'The exercises of this page, one session each.'
);

/** The cards that are shown in notebooks. */
export interface ITutorCards {
  /** Returns the card of the exercise that the active cell belongs to, or null. */
  active(): CardWidget | null;
  /** Whether the notebook in front is a learner's copy of a lesson. */
  inLesson(): boolean;
  /** The course of the notebook in front, or null when that is no lesson. */
  course(): string | null;
  /**
   * Returns a card to show at a node in a notebook's cell; "shown" when that cell has it already, or
   * null when the node is in no notebook or the course is not known.
   */
  at(node: HTMLElement, exercise: string, course: string): CardWidget | 'shown' | null;
  /** Emits when `active` or `inLesson` may answer differently. */
  readonly changed: ISignal<ITutorCards, void>;
  /** Opens lessons and brings newer versions in. */
  readonly opener: LessonOpener;
  /** What the learner said about the language model, in each course. */
  readonly consents: Consents;
}

export const ITutorCards = new Token<ITutorCards>(
  'jupyter-tutor:ITutorCards',
  'The cards of exercises that are shown in notebooks.'
);
