import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { OPEN_TEACHING } from '../commands';
import { teachingIcon } from '../icons';
import { Teaching } from '../instructor/teaching';
import { TeachingWidget } from '../instructor/teachingwidget';
import type { Overview } from '../model/overview';
import { teaches } from '../model/overview';
import { ITutorClient, ITutorOverview } from '../tokens';

const NAMESPACE = 'jupyter-tutor-teaching';

/** Adds what instructors see of their courses; for learners there is no sign of it. */
export const teaching: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-tutor:teaching',
  description: 'What instructors see of a course: usage, settings of help, opinions, reviews.',
  autoStart: true,
  requires: [ITutorClient, ITutorOverview, IRenderMimeRegistry],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    client: TutorClient,
    overview: Overview,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_tutor');
    const tracker = new WidgetTracker<TeachingWidget>({ namespace: NAMESPACE });
    const make = (): TeachingWidget => {
      const widget = new TeachingWidget(new Teaching(client), { rendermime, trans });
      widget.id = NAMESPACE;
      widget.title.label = trans.__('Teaching');
      widget.title.caption = trans.__('What instructors see of a course');
      widget.title.icon = teachingIcon;
      widget.title.closable = true;
      widget.teaching.changed.connect(() => void tracker.save(widget));
      void tracker.add(widget);
      return widget;
    };
    app.commands.addCommand(OPEN_TEACHING, {
      label: trans.__('Teaching'),
      caption: trans.__('Usage, settings of help, opinions on hints, reviews'),
      icon: teachingIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            course: { type: 'string', description: trans.__('Slug of the course') },
            part: { type: 'string', description: trans.__('Which part to show') }
          }
        }
      },
      isVisible: () => overview.state.courses.some(({ role }) => teaches(role)),
      execute: ({ course, part }) => {
        const open = tracker.currentWidget;
        const widget = open === null || open.isDisposed ? make() : open;
        if (typeof course === 'string' && course !== '') {
          widget.teaching.choose(course);
        }
        if (typeof part === 'string') {
          widget.teaching.show(part);
        }
        if (!widget.isAttached) {
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(widget.id);
      }
    });
    overview.changed.connect(() => {
      app.commands.notifyCommandChanged(OPEN_TEACHING);
    });
    palette?.addItem({ command: OPEN_TEACHING, category: trans.__('Tutor') });
    void restorer?.restore(tracker, {
      command: OPEN_TEACHING,
      args: ({ teaching: { chosen, part } }) => ({ course: chosen, part }),
      name: () => 'teaching'
    });
  }
};
