import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Course } from '../api/types';
import type { IPanelHost } from './panel';

type Lesson = Course['lessons'][number];
type Exercise = Lesson['exercises'][number];

interface IProps {
  course: Course;
  host: IPanelHost;
  trans: TranslationBundle;
}

/** The lessons and their exercises, with how the learner stands. */
export function Outline({ course, host, trans }: IProps): ReactElement {
  const heading = useId();
  return (
    <section className="jp-tutor-outline" aria-labelledby={heading}>
      <h3 id={heading}>{trans.__('Lessons')}</h3>
      {course.lessons.map(lesson => (
        <details key={lesson.slug} open={lesson.slug === course.next?.lesson}>
          <summary>
            <span>{lesson.title}</span>
            <span className="jp-tutor-count">
              {trans.__('%1 of %2', passed(lesson), lesson.exercises.length)}
            </span>
          </summary>
          <ul>
            {lesson.exercises.map(exercise => (
              <li key={exercise.slug}>
                <button
                  type="button"
                  className="jp-tutor-link"
                  onClick={() => {
                    host.open(course.slug, lesson.slug, exercise.slug);
                  }}
                >
                  {exercise.title}
                </button>
                <span className="jp-tutor-standing">{standing(exercise, trans)}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

function passed(lesson: Lesson): number {
  return lesson.exercises.filter(exercise => exercise.passed).length;
}

function standing(exercise: Exercise, trans: TranslationBundle): string {
  if (exercise.passed) {
    return trans.__('passed');
  }
  if (exercise.best_score !== null) {
    return trans.__('best %1%', Math.floor(exercise.best_score * 100));
  }
  return exercise.attempts > 0 ? trans.__('begun') : '';
}
