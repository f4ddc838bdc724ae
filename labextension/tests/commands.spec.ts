import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import { addCommands, CARD_COMMANDS, CommandIDs } from '../src/commands';
import type { CardWidget } from '../src/widgets/cardwidget';

function begin() {
  const card = { run: vi.fn(), hint: vi.fn(), submit: vi.fn(), showStatus: vi.fn() };
  const targets = {
    openPanel: vi.fn(),
    openChat: vi.fn(),
    hasPanelTab: true,
    nextExercise: vi.fn().mockResolvedValue(undefined),
    openLesson: vi.fn().mockResolvedValue(undefined),
    activeCard: vi.fn<() => CardWidget | null>().mockReturnValue(card as unknown as CardWidget),
    inLesson: vi.fn().mockReturnValue(true)
  };
  const commands = new CommandRegistry();
  addCommands(commands, targets, nullTranslator.load('jupyter_tutor'));
  return { commands, targets, card };
}

describe('the commands', () => {
  it('say what they are called, what they do and what they take', async () => {
    const { commands } = begin();
    for (const id of Object.values(CommandIDs)) {
      expect(commands.label(id)).not.toBe('');
      expect(commands.caption(id)).not.toBe('');
      expect(await commands.describedBy(id)).toMatchObject({ args: { type: 'object' } });
    }
  });

  it('act on the card at the active cell', async () => {
    const { commands, card } = begin();
    for (const id of CARD_COMMANDS) {
      await commands.execute(id);
    }
    expect([card.run, card.hint, card.submit].map(each => each.mock.calls.length)).toEqual([
      1, 1, 1
    ]);
    // Whoever used the keyboard or the menu may be far from the card.
    expect(card.showStatus).toHaveBeenCalledTimes(3);
  });

  it('are disabled where there is no exercise, and out of sight where there is no lesson', () => {
    const { commands, targets } = begin();
    targets.activeCard.mockReturnValue(null);
    expect(CARD_COMMANDS.map(id => commands.isEnabled(id))).toEqual([false, false, false]);
    expect(CARD_COMMANDS.map(id => commands.isVisible(id))).toEqual([true, true, true]);
    targets.inLesson.mockReturnValue(false);
    expect(CARD_COMMANDS.map(id => commands.isVisible(id))).toEqual([false, false, false]);
  });

  it('open the panel from the files too, where it has no tab of its own', () => {
    const { commands, targets } = begin();
    const above = { place: 'files' };
    expect(commands.isVisible(CommandIDs.openPanel)).toBe(true);
    expect(commands.isVisible(CommandIDs.openPanel, above)).toBe(false);
    targets.hasPanelTab = false;
    expect(commands.isVisible(CommandIDs.openPanel, above)).toBe(true);
  });

  it('open a lesson, with or without an exercise to go to', async () => {
    const { commands, targets } = begin();
    await commands.execute(CommandIDs.openLesson, { course: 'python', lesson: 'loops' });
    await commands.execute(CommandIDs.openLesson, {
      course: 'python',
      lesson: 'loops',
      exercise: 'sum-up'
    });
    expect(targets.openLesson.mock.calls).toEqual([
      ['python', 'loops', null],
      ['python', 'loops', 'sum-up']
    ]);
  });

  it('are those that the settings put into toolbar, menu and shortcuts', () => {
    const schema = JSON.parse(readFileSync('schema/plugin.json', 'utf8')) as Record<
      string,
      unknown
    >;
    const named = JSON.stringify(schema).match(/jupyter-tutor:[a-z-]+/g) ?? [];
    const known: string[] = Object.values(CommandIDs);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(id => !known.includes(id))).toEqual([]);
  });
});
