import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { lessonOf } from '../model/exercise';
import { LessonOpener } from '../model/lessons';
import { ITutorCards, ITutorClient, ITutorSessions } from '../tokens';
import { NotebookCards } from '../widgets/cards';

/** Shows the cards in every notebook that is a learner's copy of a lesson. */
export const cards: JupyterFrontEndPlugin<ITutorCards> = {
  id: 'jupyter-tutor:cards',
  description: 'Shows the card of each exercise below its cell.',
  autoStart: true,
  provides: ITutorCards,
  requires: [ITutorClient, ITutorSessions, INotebookTracker, IDocumentManager],
  optional: [ITranslator],
  activate: (
    _app: JupyterFrontEnd,
    client: TutorClient,
    sessions: ITutorSessions,
    tracker: INotebookTracker,
    documents: IDocumentManager,
    translator: ITranslator | null
  ): ITutorCards => {
    const trans = (translator ?? nullTranslator).load('jupyter_tutor');
    const opener = new LessonOpener(client, documents, trans);
    const shown = new Map<NotebookPanel, NotebookCards>();
    const show = (panel: NotebookPanel): void => {
      const options = {
        sessions,
        rendermime: panel.content.rendermime,
        trans,
        update: async (of: NotebookPanel, course: string): Promise<void> => {
          const lesson = lessonOf(of.content.model?.metadata ?? {});
          if (lesson !== null) {
            await opener.update(of, course, lesson);
          }
        }
      };
      shown.set(panel, new NotebookCards(panel, options));
      panel.disposed.connect(() => {
        shown.delete(panel);
      });
    };
    tracker.forEach(show);
    tracker.widgetAdded.connect((_tracker, panel) => {
      show(panel);
    });
    return {
      active: () => {
        const panel = tracker.currentWidget;
        return panel === null ? null : (shown.get(panel)?.active() ?? null);
      },
      opener
    };
  }
};
