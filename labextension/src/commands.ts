import type { CommandRegistry } from '@lumino/commands';
import type { TranslationBundle } from '@jupyterlab/translation';

import { nextIcon, tutorIcon } from './icons';
import type { CardWidget } from './widgets/cardwidget';

/** Every action of the tutor is a command. */
export const CommandIDs = {
  openPanel: 'jupyter-tutor:open-panel',
  openChat: 'jupyter-tutor:open-chat',
  nextExercise: 'jupyter-tutor:next-exercise',
  openLesson: 'jupyter-tutor:open-lesson',
  runTests: 'jupyter-tutor:run-tests',
  requestHint: 'jupyter-tutor:request-hint',
  submit: 'jupyter-tutor:submit'
} as const;

/** Opens what instructors see of a course; it is told apart since learners are not to see it. */
export const OPEN_TEACHING = 'jupyter-tutor:open-teaching';

/** The commands that depend on where in a notebook the learner is. */
export const CARD_COMMANDS = [CommandIDs.runTests, CommandIDs.requestHint, CommandIDs.submit];

/** What the commands act on. */
export interface ICommandTargets {
  openPanel: () => void;
  openChat: () => void;
  /** Whether the panel has a tab that is always in sight, so that the files need no button for it. */
  hasPanelTab: boolean;
  nextExercise: () => Promise<void>;
  openLesson: (course: string, lesson: string, exercise: string | null) => Promise<void>;
  /** The card of the exercise that the active cell belongs to, or null. */
  activeCard: () => CardWidget | null;
  /** Whether the notebook in front is a lesson: elsewhere these commands are out of sight. */
  inLesson: () => boolean;
}

/** Adds the commands. */
export function addCommands(
  commands: CommandRegistry,
  targets: ICommandTargets,
  trans: TranslationBundle
): void {
  commands.addCommand(CommandIDs.openPanel, {
    label: trans.__('Open the Tutor'),
    caption: trans.__('Show your course, your path and what comes next'),
    icon: tutorIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          place: {
            type: 'string',
            description: trans.__('“files” for the button above the files')
          }
        }
      }
    },
    isVisible: ({ place }) => place !== 'files' || !targets.hasPanelTab,
    execute: targets.openPanel
  });
  commands.addCommand(CommandIDs.openChat, {
    label: trans.__('Ask the Tutor'),
    caption: trans.__('Show the chat about the exercise at the active cell'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: targets.openChat
  });
  commands.addCommand(CommandIDs.nextExercise, {
    label: trans.__('Go to the Next Exercise'),
    caption: trans.__('Open the exercise that the tutor suggests'),
    icon: nextIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: targets.nextExercise
  });
  commands.addCommand(CommandIDs.openLesson, {
    label: trans.__('Open Lesson'),
    caption: trans.__('Put a lesson into your files and open it'),
    describedBy: {
      args: {
        type: 'object',
        required: ['course', 'lesson'],
        properties: {
          course: { type: 'string', description: trans.__('Slug of the course') },
          lesson: { type: 'string', description: trans.__('Slug of the lesson') },
          exercise: { type: 'string', description: trans.__('Slug of the exercise to go to') }
        }
      }
    },
    execute: ({ course, lesson, exercise }) =>
      targets.openLesson(
        course as string,
        lesson as string,
        typeof exercise === 'string' ? exercise : null
      )
  });
  const onCard = (
    id: string,
    label: string,
    caption: string,
    act: (card: CardWidget) => void
  ): void => {
    commands.addCommand(id, {
      label,
      caption,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => targets.activeCard() !== null,
      isVisible: targets.inLesson,
      execute: async () => {
        const card = targets.activeCard();
        if (card !== null) {
          act(card);
          // The card may be far from the cell that the learner is at.
          await card.showStatus();
        }
      }
    });
  };
  onCard(
    CommandIDs.runTests,
    trans.__('Run Tests'),
    trans.__('Run the tests of the exercise at the active cell'),
    card => {
      card.run();
    }
  );
  onCard(
    CommandIDs.requestHint,
    trans.__('Hint'),
    trans.__('Ask for a hint on the exercise at the active cell'),
    card => {
      card.hint();
    }
  );
  onCard(
    CommandIDs.submit,
    trans.__('Submit Answer'),
    trans.__('Hand in the exercise at the active cell'),
    card => {
      card.submit();
    }
  );
}
