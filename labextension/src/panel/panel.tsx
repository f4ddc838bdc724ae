import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Course } from '../api/types';
import type { IOverviewState, Overview } from '../model/overview';
import { teaches } from '../model/overview';
import type { IChatHost } from './chat';
import { Chat } from './chat';
import type { IDataHost } from './data';
import { Data, Erased } from './data';
import { Outline } from './outline';
import { Path } from './path';

/** What the panel asks of the application. */
export interface IPanelHost {
  open: (course: string, lesson: string, exercise: string | null) => void;
  /** Opens what an instructor sees of a course. */
  teach: (course: string) => void;
}

/** The side panel: course, next exercise, path and outline, and the chat below them. */
export class TutorPanel extends ReactWidget {
  constructor(
    private readonly overview: Overview,
    private readonly host: IPanelHost,
    private readonly chat: IChatHost,
    private readonly data: IDataHost,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-tutor-panel');
  }

  protected override render(): ReactElement {
    const { overview, host, chat, data, trans } = this;
    return (
      <UseSignal signal={data.desk.erased}>
        {() =>
          data.desk.state.isErased ? (
            <Erased host={data} trans={trans} />
          ) : (
            <>
              <UseSignal signal={overview.changed}>
                {() => <Contents state={overview.state} {...{ overview, host, data, trans }} />}
              </UseSignal>
              <Chat host={chat} trans={trans} />
            </>
          )
        }
      </UseSignal>
    );
  }
}

interface IProps {
  state: IOverviewState;
  overview: Overview;
  host: IPanelHost;
  data: IDataHost;
  trans: TranslationBundle;
}

function Contents({ state, overview, host, data, trans }: IProps): ReactElement {
  const { course, courses, problem, loading } = state;
  const chooser = useId();
  return (
    <div className="jp-tutor-panel-body" aria-busy={loading}>
      {problem ? (
        <div className="jp-tutor-problem" role="alert">
          <p>{problem}</p>
          <button
            type="button"
            className="jp-tutor-button jp-mod-styled"
            onClick={() => void overview.refresh()}
          >
            {trans.__('Try again')}
          </button>
        </div>
      ) : null}
      {courses.length > 1 ? (
        <div className="jp-tutor-chooser">
          <label htmlFor={chooser}>{trans.__('Course')}</label>
          <HTMLSelect
            id={chooser}
            value={course?.slug ?? ''}
            onChange={event => void overview.choose(event.target.value)}
            options={courses.map(({ slug, title }) => ({ value: slug, label: title }))}
          />
        </div>
      ) : null}
      {course ? (
        <CourseView course={course} named={courses.length > 1} host={host} trans={trans} />
      ) : problem ? null : (
        <p className="jp-tutor-note" role="status">
          {loading
            ? trans.__('Starting the tutor…')
            : trans.__(
                'No course is here yet. An instructor publishes one with “jupyter tutor publish”.'
              )}
        </p>
      )}
      <Data host={data} trans={trans} />
    </div>
  );
}

function CourseView(props: {
  course: Course;
  /** Whether its title is to be seen already, in what it was chosen with. */
  named: boolean;
  host: IPanelHost;
  trans: TranslationBundle;
}): ReactElement {
  const { course, named, host, trans } = props;
  const { next } = course;
  return (
    <>
      <div className="jp-tutor-course">
        <h2 className={named ? 'jp-tutor-hidden' : ''}>{course.title}</h2>
        <p>
          {trans.__('%1 of %2 exercises passed', course.passed, course.exercises)}
          {' · '}
          {trans.__('%1 of %2 points', round(course.points_earned), round(course.points_possible))}
        </p>
        <progress
          value={course.passed}
          max={Math.max(1, course.exercises)}
          aria-label={trans.__('Exercises passed')}
        />
        {teaches(course.role) ? (
          <button
            type="button"
            className="jp-tutor-button jp-mod-styled jp-tutor-teach"
            onClick={() => {
              host.teach(course.slug);
            }}
          >
            {trans.__('Teaching…')}
          </button>
        ) : null}
      </div>
      <section className="jp-tutor-next" aria-label={trans.__('Next exercise')}>
        {next ? (
          <>
            <h3>{trans.__('Next')}</h3>
            <p className="jp-tutor-next-title">{next.title}</p>
            <p className="jp-tutor-note">{next.reason}</p>
            <button
              type="button"
              className="jp-tutor-button jp-mod-styled jp-mod-accept"
              onClick={() => {
                host.open(course.slug, next.lesson, next.exercise);
              }}
            >
              {trans.__('Open exercise')}
            </button>
          </>
        ) : (
          <p>{trans.__('Nothing is left to do for now. Well done!')}</p>
        )}
      </section>
      <Path topics={course.topics} trans={trans} />
      <Outline course={course} host={host} trans={trans} />
    </>
  );
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}
