import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, showErrorMessage } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { addCommands, CARD_COMMANDS, CommandIDs, OPEN_TEACHING } from '../commands';
import { tutorIcon } from '../icons';
import { DataDesk } from '../model/datadesk';
import { Overview } from '../model/overview';
import { TutorPanel } from '../panel/panel';
import { ITutorCards, ITutorClient, ITutorOverview, ITutorSessions } from '../tokens';
import { makeChat } from './chat';
import { forgetKept, keeping } from './keeping';

const PANEL_ID = 'jupyter-tutor-panel';

/** Adds the side panel, the launcher card and the commands. */
export const panel: JupyterFrontEndPlugin<Overview> = {
  id: 'jupyter-tutor:panel',
  description: 'The side panel, the launcher card and the commands of the tutor.',
  autoStart: true,
  provides: ITutorOverview,
  requires: [ITutorClient, ITutorSessions, ITutorCards, IRenderMimeRegistry],
  optional: [ITranslator, ICommandPalette, ILauncher, ILayoutRestorer, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    client: TutorClient,
    sessions: ITutorSessions,
    cards: ITutorCards,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null,
    labShell: ILabShell | null
  ): Overview => {
    const trans = (translator ?? nullTranslator).load('jupyter_tutor');
    const overview = new Overview(client, sessions, keeping(app, () => localStorage)('course'));
    overview.follow(cards.course());
    const openLesson = async (
      course: string,
      lesson: string,
      exercise: string | null
    ): Promise<void> => {
      try {
        await cards.opener.open(course, lesson, exercise);
      } catch (error) {
        await showErrorMessage(trans.__('The lesson could not be opened'), error as Error);
      }
    };
    const chat = makeChat(client, sessions, cards, {
      rendermime,
      keep: keeping(app, () => sessionStorage),
      trans
    });
    const widget = new TutorPanel(
      overview,
      {
        open: (...place) => void openLesson(...place),
        teach: course => void app.commands.execute(OPEN_TEACHING, { course })
      },
      chat,
      {
        desk: new DataDesk(client, () => {
          chat.chats.dispose();
          forgetKept(app);
        }),
        save: saveFile,
        reload: () => {
          location.reload();
        }
      },
      trans
    );
    widget.id = PANEL_ID;
    widget.title.icon = tutorIcon;
    widget.title.caption = trans.__('Tutor');
    widget.node.setAttribute('role', 'region');
    widget.node.setAttribute('aria-label', trans.__('Tutor'));
    app.shell.add(widget, 'left', { rank: 300, type: 'Tutor' });
    restorer?.add(widget, PANEL_ID);
    void app.restored.then(() => overview.refresh());

    addCommands(
      app.commands,
      {
        openPanel: () => {
          app.shell.activateById(PANEL_ID);
        },
        openChat: () => {
          app.shell.activateById(PANEL_ID);
          chat.chats.begin();
        },
        // Notebook 7 keeps its side panels out of sight until one is asked for.
        hasPanelTab: labShell !== null,
        nextExercise: async () => {
          await overview.refresh();
          const { course } = overview.state;
          if (course?.next) {
            await openLesson(course.slug, course.next.lesson, course.next.exercise);
          } else {
            app.shell.activateById(PANEL_ID);
          }
        },
        openLesson,
        activeCard: () => cards.active(),
        inLesson: () => cards.inLesson()
      },
      trans
    );
    window.addEventListener('focus', () => {
      overview.hurry();
    });
    cards.changed.connect(() => {
      overview.follow(cards.course());
      for (const command of CARD_COMMANDS) {
        app.commands.notifyCommandChanged(command);
      }
    });
    const category = trans.__('Tutor');
    const { openLesson: _withArguments, ...listed } = CommandIDs;
    for (const command of Object.values(listed)) {
      palette?.addItem({ command, category });
    }
    launcher?.add({ command: CommandIDs.openPanel, category, rank: 0 });
    launcher?.add({ command: CommandIDs.nextExercise, category, rank: 1 });
    return overview;
  }
};

/** Has the browser save something, as a link to download it does. */
function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
