import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { courseOf, lessonOf } from '../model/exercise';
import { Consents } from '../model/consents';
import { LessonOpener } from '../model/lessons';
import { NotebookFile } from '../model/notebookfile';
import { ITutorCards, ITutorClient, ITutorSessions } from '../tokens';
import { isReloaded, Place } from '../widgets/place';
import { TrackedCards } from '../widgets/tracked';
import { keeping } from './keeping';

/** Milliseconds between two looks at files that are changed where no page hears of it. */
const EVERY = 30_000;

/** Shows the cards in every notebook that is a learner's copy of a lesson. */
export const cards: JupyterFrontEndPlugin<ITutorCards> = {
  id: 'jupyter-tutor:cards',
  description: 'Shows the card of each exercise below its cell.',
  autoStart: true,
  provides: ITutorCards,
  requires: [ITutorClient, ITutorSessions, INotebookTracker, IDocumentManager],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    client: TutorClient,
    sessions: ITutorSessions,
    tracker: INotebookTracker,
    documents: IDocumentManager,
    translator: ITranslator | null
  ): ITutorCards => {
    const trans = (translator ?? nullTranslator).load('jupyter_tutor');
    const opener = new LessonOpener(client, documents, trans);
    const update = async (panel: NotebookPanel): Promise<void> => {
      const metadata = panel.content.model?.metadata ?? {};
      const [course, lesson] = [courseOf(metadata), lessonOf(metadata)];
      if (course === null || lesson === null) {
        return;
      }
      try {
        await opener.update(panel, course, lesson);
      } catch (error) {
        await showErrorMessage(trans.__('The lesson could not be updated'), error as Error);
      }
    };
    const confirm = async (body: string): Promise<boolean> => {
      const { button } = await showDialog({
        title: trans.__('Submit this answer?'),
        body,
        // What was asked about by mistake is not handed in by a second one.
        defaultButton: 0,
        buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Submit anyway') })]
      });
      return button.accept;
    };
    const agree = async (body: string): Promise<boolean> => {
      const { button } = await showDialog({
        title: trans.__('Take this hint?'),
        body,
        defaultButton: 0,
        buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Take the hint') })]
      });
      return button.accept;
    };
    const open = async (course: string, exercise: string): Promise<void> => {
      try {
        const { lesson } = await client.exercise(course, exercise);
        await opener.open(course, lesson, exercise);
      } catch (error) {
        await showErrorMessage(trans.__('The exercise could not be opened'), error as Error);
      }
    };
    const { contents } = documents.services;
    const { baseUrl } = app.serviceManager.serverSettings;
    const saves = new BroadcastChannel(`jupyter-tutor:saved:${baseUrl}`);
    const reread = async (file: NotebookFile, exercise: string): Promise<void> => {
      try {
        await file.reload(exercise);
      } catch (error) {
        await showErrorMessage(trans.__('The notebook could not be reloaded'), error as Error);
      }
    };
    const consents = new Consents(client);
    new Place(tracker, keeping(app, () => sessionStorage)('place'), isReloaded());
    const tracked = new TrackedCards(tracker, sessions, opener, {
      trans,
      update,
      confirm,
      agree,
      open,
      reread,
      openFile: path => void documents.openOrReveal(path),
      file: panel => new NotebookFile(panel.context, contents, saves),
      consents
    });
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        tracked.look();
      }
    };
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    setInterval(look, EVERY);
    return tracked;
  }
};
