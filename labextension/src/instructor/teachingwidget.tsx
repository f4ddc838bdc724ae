import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';
import { useId } from 'react';

import { Action } from '../widgets/action';
import { Choice } from './choice';
import type { CourseRoom } from './courseroom';
import { Loading } from './loading';
import type { Names } from './names';
import { OpinionsView } from './opinions';
import { ReviewsView } from './reviews';
import { SettingsView } from './settings';
import type { ITab } from './tabs';
import { Tabs } from './tabs';
import { TalksView } from './talks';
import type { Teaching } from './teaching';
import { UsageView } from './usage';

interface IServices {
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** What an instructor sees of a course, in the main area. */
export class TeachingWidget extends ReactWidget {
  constructor(
    readonly teaching: Teaching,
    private readonly services: IServices
  ) {
    super();
    this.addClass('jp-tutor-teaching');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', services.trans.__('Teaching'));
    this.node.tabIndex = -1;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.teaching.dispose();
    }
    super.dispose();
  }

  /** Takes the keyboard, as everything in the main area does that comes to the front. */
  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  protected override render(): ReactElement {
    const { teaching, services } = this;
    return (
      <UseSignal signal={teaching.changed}>
        {() => (
          <div className="jp-tutor-teaching-body">
            <Loading of={teaching.courses} trans={services.trans}>
              {() => <Front teaching={teaching} {...services} />}
            </Loading>
          </div>
        )}
      </UseSignal>
    );
  }
}

function Front(props: IServices & { teaching: Teaching }): ReactElement {
  const { teaching, trans } = props;
  const { course } = teaching;
  const heading = useId();
  if (course === null) {
    return (
      <p className="jp-tutor-empty" role="status">
        {trans.__(
          'You teach no course here. Whoever runs the database makes somebody an instructor with “jupyter tutor role”.'
        )}
      </p>
    );
  }
  const courses = teaching.courses.value ?? [];
  const room = teaching.room(course.slug);
  return (
    <>
      <header className="jp-tutor-teaching-head">
        <h2 id={heading}>{course.title}</h2>
        {courses.length > 1 ? (
          <Choice
            label={trans.__('Course')}
            value={course.slug}
            options={courses.map(({ slug, title }) => ({ value: slug, label: title }))}
            choose={slug => {
              teaching.choose(slug);
            }}
          />
        ) : null}
        <Action
          onClick={() => {
            room.refresh(teaching.part);
          }}
        >
          {trans.__('Refresh')}
        </Action>
      </header>
      <Loading key={course.slug} of={room.names} trans={trans}>
        {names => (
          <Tabs
            label={trans.__('Parts')}
            tabs={parts(room, names, props)}
            chosen={teaching.part}
            choose={part => {
              teaching.show(part);
            }}
          />
        )}
      </Loading>
    </>
  );
}

function parts(room: CourseRoom, names: Names, { rendermime, trans }: IServices): ITab[] {
  return [
    {
      name: 'usage',
      label: trans.__('Usage'),
      show: () => (
        <UsageView usage={room.usage} names={names} course={room.client.slug} trans={trans} />
      )
    },
    {
      name: 'reviews',
      label: trans.__('Reviews'),
      show: () => <ReviewsView desk={room.reviews} rendermime={rendermime} trans={trans} />
    },
    {
      name: 'settings',
      label: trans.__('Settings of help'),
      show: () => <SettingsView desk={room.settings} names={names} trans={trans} />
    },
    {
      name: 'opinions',
      label: trans.__('Opinions on hints'),
      show: () => <OpinionsView opinions={room.opinions} names={names} trans={trans} />
    },
    {
      name: 'conversations',
      label: trans.__('Conversations'),
      show: () => (
        <TalksView talks={room.talks} names={names} rendermime={rendermime} trans={trans} />
      )
    }
  ];
}
