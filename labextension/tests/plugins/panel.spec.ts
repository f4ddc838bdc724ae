import type { JupyterFrontEnd } from '@jupyterlab/application';
import { showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { TutorClient } from '../../src/api/client';
import { CARD_COMMANDS, CommandIDs } from '../../src/commands';
import { Consents } from '../../src/model/consents';
import { FORGETFUL } from '../../src/model/kept';
import { TutorSessions } from '../../src/model/sessions';
import { ExerciseSession } from '../../src/model/session';
import { makeChat } from '../../src/plugins/chat';
import { panel } from '../../src/plugins/panel';
import type { ITutorCards } from '../../src/tokens';
import { fakeClient, refused } from '../fakes';
import { rendermime } from '../render';
import { course } from '../samples';

vi.mock('@jupyterlab/apputils', async original => ({
  ...(await original<object>()),
  showDialog: vi.fn(),
  showErrorMessage: vi.fn().mockResolvedValue(undefined)
}));

const serviceManager = { serverSettings: { baseUrl: 'http://localhost/' } };

function begin(labShell: object | null = {}) {
  const commands = new CommandRegistry();
  const added: [Widget, string][] = [];
  const shell = {
    add: (widget: Widget, area: string) => added.push([widget, area]),
    activateById: vi.fn()
  };
  const app = {
    commands,
    shell,
    restored: Promise.resolve(),
    serviceManager
  } as unknown as JupyterFrontEnd;
  const { fake, client } = fakeClient();
  const opener = { open: vi.fn().mockResolvedValue(undefined) };
  const cards = {
    opener,
    consents: new Consents(client),
    active: vi.fn<() => unknown>().mockReturnValue(null),
    inLesson: vi.fn().mockReturnValue(false),
    course: vi.fn<() => string | null>().mockReturnValue(null),
    changed: new Signal<object, void>({})
  };
  const launcher = { add: vi.fn() };
  const palette = { addItem: vi.fn() };
  const restorer = { add: vi.fn() };
  void panel.activate(
    app,
    client,
    new TutorSessions(client),
    cards,
    rendermime,
    null,
    palette,
    launcher,
    restorer,
    labShell
  );
  return { commands, shell, added, fake, opener, cards, launcher, palette, restorer };
}

beforeEach(() => {
  vi.mocked(showErrorMessage).mockClear();
  localStorage.clear();
  sessionStorage.clear();
});

describe('the plugin of the panel', () => {
  it('adds the panel at the side with a name, and asks for courses once the page is there', async () => {
    const { added, fake, restorer } = begin();
    const [[widget, area]] = added as [[Widget, string]];
    expect([area, widget.title.caption]).toEqual(['left', 'Tutor']);
    expect(widget.node.getAttribute('role')).toBe('region');
    expect(widget.node.getAttribute('aria-label')).toBe('Tutor');
    expect(widget.title.icon).toBeTruthy();
    expect(restorer.add).toHaveBeenCalledWith(widget, widget.id);
    expect(fake.courses).not.toHaveBeenCalled();
    await vi.waitFor(() => {
      expect(fake.courses).toHaveBeenCalledTimes(1);
    });
  });

  it('gives every card of the launcher an icon', () => {
    const { launcher, commands } = begin();
    const listed = launcher.add.mock.calls.map(([item]) => (item as { command: string }).command);
    expect(listed).toEqual([CommandIDs.openPanel, CommandIDs.nextExercise]);
    for (const command of listed) {
      expect(commands.icon(command)).toBeTruthy();
    }
  });

  it('lists in the palette what needs no further word', () => {
    const { palette } = begin();
    const listed = palette.addItem.mock.calls.map(
      ([item]) => (item as { command: string }).command
    );
    expect(listed).toContain(CommandIDs.submit);
    expect(listed).not.toContain(CommandIDs.openLesson);
  });

  it('works where there is nothing but the shell', () => {
    const commands = new CommandRegistry();
    const shell = { add: vi.fn(), activateById: vi.fn() };
    const app = { commands, shell, restored: new Promise(() => undefined), serviceManager };
    const { client } = fakeClient();
    const cards = {
      changed: new Signal<object, void>({}),
      course: () => null,
      active: () => null
    } as unknown as ITutorCards;
    void panel.activate(
      app as unknown as JupyterFrontEnd,
      client,
      new TutorSessions(client),
      cards,
      rendermime,
      ...[null, null, null, null, null]
    );
    expect(shell.add).toHaveBeenCalledTimes(1);
  });

  it('shows its button above the files only where the panel has no tab', () => {
    const above = { place: 'files' };
    expect(begin().commands.isVisible(CommandIDs.openPanel, above)).toBe(false);
    expect(begin(null).commands.isVisible(CommandIDs.openPanel, above)).toBe(true);
  });

  it('goes to the next exercise, or to the panel where nothing is left', async () => {
    const { commands, fake, opener, shell, added } = begin();
    fake.course.mockResolvedValue(
      course({ next: { exercise: 'sum-up', lesson: 'loops', title: '', reason: '' } })
    );
    await commands.execute(CommandIDs.nextExercise);
    expect(opener.open.mock.calls).toEqual([['python', 'loops', 'sum-up']]);
    fake.course.mockResolvedValue(course({ next: null }));
    await commands.execute(CommandIDs.nextExercise);
    expect(opener.open).toHaveBeenCalledTimes(1);
    expect(shell.activateById).toHaveBeenCalledWith(added[0]?.[0].id);
  });

  it('shows the course of the notebook in front, also in the next page', async () => {
    const { cards, fake } = begin();
    const listed = { title: '', languages: [], role: null, exercises: 0, passed: 0 };
    fake.courses.mockResolvedValue({
      courses: ['algebra', 'python'].map(slug => ({ slug, ...listed }))
    });
    await vi.waitFor(() => {
      expect(fake.course.mock.lastCall?.[0]).toBe('algebra');
    });
    cards.course.mockReturnValue('python');
    cards.changed.emit();
    await vi.waitFor(() => {
      expect(fake.course.mock.lastCall?.[0]).toBe('python');
    });
    const next = begin();
    next.fake.courses.mockResolvedValue({
      courses: ['algebra', 'python'].map(slug => ({ slug, ...listed }))
    });
    await vi.waitFor(() => {
      expect(next.fake.course.mock.lastCall?.[0]).toBe('python');
    });
  });

  it('says why a lesson cannot be opened', async () => {
    const { commands, opener } = begin();
    const refusal = refused('not_found', 'There is no such lesson.');
    opener.open.mockRejectedValue(refusal);
    await commands.execute(CommandIDs.openLesson, { course: 'python', lesson: 'gone' });
    expect(vi.mocked(showErrorMessage).mock.calls).toEqual([
      ['The lesson could not be opened', refusal]
    ]);
  });

  it('shows the chat about the exercise at hand when somebody wants to ask', async () => {
    const { commands, shell, added, fake, cards } = begin();
    const session = new ExerciseSession('python', 'sum-up', fake as unknown as TutorClient);
    cards.active.mockReturnValue({ session });
    cards.changed.emit();
    expect(fake.conversation).not.toHaveBeenCalled();
    await commands.execute(CommandIDs.openChat);
    expect(shell.activateById).toHaveBeenCalledWith(added[0]?.[0].id);
    expect(fake.conversation.mock.calls).toEqual([['python', 'sum-up']]);
  });

  it('asks before it deletes what cannot be brought back', async () => {
    const { fake, cards } = begin();
    const { confirm } = makeChat(
      fake as unknown as TutorClient,
      new TutorSessions(fake as unknown as TutorClient),
      cards as unknown as ITutorCards,
      { rendermime, keep: () => FORGETFUL, trans: nullTranslator.load('jupyter_tutor') }
    );
    for (const accept of [false, true]) {
      vi.mocked(showDialog).mockResolvedValue({ button: { accept } } as Awaited<
        ReturnType<typeof showDialog>
      >);
      expect(await confirm('Delete it?')).toBe(accept);
    }
    expect(vi.mocked(showDialog).mock.calls[0]?.[0]).toMatchObject({
      body: 'Delete it?',
      defaultButton: 0
    });
  });

  it('asks the buttons of the toolbar anew when the cell or the notebook changes', () => {
    const { commands, cards } = begin();
    const asked: (string | undefined)[] = [];
    commands.commandChanged.connect((_commands, change) => asked.push(change.id));
    cards.changed.emit();
    expect(asked).toEqual(CARD_COMMANDS);
    cards.active.mockReturnValue({});
    cards.inLesson.mockReturnValue(true);
    expect(CARD_COMMANDS.every(id => commands.isEnabled(id) && commands.isVisible(id))).toBe(true);
  });
});
