import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandRegistry } from '@lumino/commands';
import { describe, expect, it, vi } from 'vitest';

import { OPEN_TEACHING } from '../../src/commands';
import type { TeachingWidget } from '../../src/instructor/teachingwidget';
import { Overview } from '../../src/model/overview';
import { TutorSessions } from '../../src/model/sessions';
import { teaching } from '../../src/plugins/teaching';
import { fakeClient } from '../fakes';
import { rendermime } from '../render';

function begin() {
  const commands = new CommandRegistry();
  const added: TeachingWidget[] = [];
  const shell = { add: (widget: TeachingWidget) => added.push(widget), activateById: vi.fn() };
  const { fake, client } = fakeClient();
  const overview = new Overview(client, new TutorSessions(client));
  const palette = { addItem: vi.fn() };
  const restorer = { restore: vi.fn().mockResolvedValue(undefined) };
  void teaching.activate(
    { commands, shell } as unknown as JupyterFrontEnd,
    client,
    overview,
    rendermime,
    null,
    palette,
    restorer
  );
  return { commands, added, shell, fake, overview, palette, restorer };
}

describe('the plugin for instructors', () => {
  it('shows its command to whoever teaches a course, and to nobody else', async () => {
    const { commands, overview, fake, palette } = begin();
    expect(palette.addItem).toHaveBeenCalledWith({ command: OPEN_TEACHING, category: 'Tutor' });
    await overview.refresh();
    expect(commands.isVisible(OPEN_TEACHING)).toBe(false);
    const { courses } = await fake.courses();
    const told = vi.fn();
    commands.commandChanged.connect(told);
    fake.courses.mockResolvedValue({ courses: courses.map(each => ({ ...each, role: 'admin' })) });
    await overview.refresh();
    expect(commands.isVisible(OPEN_TEACHING)).toBe(true);
    expect(told).toHaveBeenCalled();
  });

  it('opens once, at the course and the part that are asked for', async () => {
    const { commands, added, shell } = begin();
    await commands.execute(OPEN_TEACHING, { course: 'python' });
    const [widget] = added;
    expect(widget?.teaching.chosen).toBe('python');
    expect(widget?.teaching.part).toBe('usage');
    expect(widget?.node.getAttribute('aria-label')).toBe('Teaching');
    expect(widget?.title.closable).toBe(true);
    await commands.execute(OPEN_TEACHING, { course: 'maths', part: 'reviews' });
    expect(added.every(each => each === widget)).toBe(true);
    expect(widget?.teaching.chosen).toBe('maths');
    expect(widget?.teaching.part).toBe('reviews');
    expect(shell.activateById).toHaveBeenLastCalledWith(widget?.id);
    widget?.dispose();
    await commands.execute(OPEN_TEACHING);
    expect(added.at(-1)).not.toBe(widget);
  });

  it('comes back as it was left', async () => {
    const { commands, added, restorer } = begin();
    await commands.execute(OPEN_TEACHING, { course: 'python', part: 'settings' });
    const [, options] = restorer.restore.mock.calls[0] as [
      unknown,
      { command: string; args: (widget: TeachingWidget | undefined) => object }
    ];
    expect(options.command).toBe(OPEN_TEACHING);
    expect(options.args(added[0])).toEqual({ course: 'python', part: 'settings' });
  });
});
