import { showDialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { OpenedLesson } from '../../src/api/types';
import { LessonOpener } from '../../src/model/lessons';
import { fakeClient, refused } from '../fakes';
import { trans } from '../render';

vi.mock('@jupyterlab/apputils', async original => ({
  ...(await original<object>()),
  showDialog: vi.fn()
}));

const PATH = 'python/loops.ipynb';

/** A notebook that is open: what is done to its file and what is read from there, in order. */
function notebook(path: string, told: string[]) {
  const model = { dirty: true };
  const context = {
    path,
    model,
    isDisposed: false,
    ready: Promise.resolve(),
    save: vi.fn(() => {
      told.push(`save ${path}`);
      model.dirty = false;
      return Promise.resolve();
    }),
    revert: vi.fn(() => {
      told.push(`revert ${path}`);
      return Promise.resolve();
    })
  };
  const content = {
    widgets: ['first', 'prompt', 'answer'].map(id => ({ model: { id } })),
    activeCellIndex: 0,
    deselectAll: vi.fn(),
    scrollToItem: vi.fn().mockResolvedValue(undefined),
    activate: vi.fn()
  };
  const panel = { context, content, revealed: Promise.resolve() };
  return { context, content, panel: panel as unknown as NotebookPanel };
}

function begin() {
  const told: string[] = [];
  const open = new Map<string, ReturnType<typeof notebook>>();
  const { fake, client } = fakeClient();
  const copies = { path: PATH, state: 'current' as OpenedLesson['state'] };
  fake.openLesson.mockImplementation((_course, _lesson, exercise, update) => {
    told.push(update);
    const state = update === 'merge' ? 'merged' : copies.state;
    const anchor = exercise === null ? null : 'prompt';
    return Promise.resolve({ path: copies.path, state, anchor, message: 'Two tasks are new.' });
  });
  const documents = {
    findWidget: (path: string) => open.get(path)?.panel,
    contextForWidget: (widget: NotebookPanel) => widget.context,
    openOrReveal: vi.fn((path: string) => open.get(path)?.panel)
  };
  const opener = new LessonOpener(client, documents as unknown as IDocumentManager, trans);
  const show = (path: string = PATH) => {
    const shown = notebook(path, told);
    open.set(path, shown);
    return shown;
  };
  return { told, fake, copies, documents, opener, show };
}

const answer = (accept: boolean): void => {
  vi.mocked(showDialog).mockResolvedValue({ button: { accept } } as Awaited<
    ReturnType<typeof showDialog>
  >);
};

beforeEach(() => {
  vi.mocked(showDialog).mockReset();
});

describe('opening a lesson', () => {
  it('shows it and goes to the exercise', async () => {
    const { opener, show, documents, told } = begin();
    const { content } = show();
    await opener.open('python', 'loops', 'sum-up');
    expect(documents.openOrReveal).toHaveBeenCalledWith(PATH);
    expect(content.activeCellIndex).toBe(1);
    expect(content.scrollToItem).toHaveBeenCalledWith(1, 'start');
    // Nothing is done to a file that is as it should be.
    expect(told).toEqual(['keep']);
    expect(showDialog).not.toHaveBeenCalled();
  });

  it('stays where it was when no exercise is asked for, or its cell was deleted', async () => {
    const { opener, show, fake } = begin();
    const { content } = show();
    await opener.open('python', 'loops', null);
    fake.openLesson.mockResolvedValue({
      path: PATH,
      state: 'current',
      anchor: 'gone',
      message: ''
    });
    await opener.open('python', 'loops', 'sum-up');
    expect(content.activeCellIndex).toBe(0);
    expect(content.scrollToItem).not.toHaveBeenCalled();
  });

  it('saves before it merges, and merges before it reads the file again', async () => {
    const { opener, show, copies, told } = begin();
    show();
    copies.state = 'outdated';
    answer(true);
    await opener.open('python', 'loops', 'sum-up');
    expect(told).toEqual(['keep', `save ${PATH}`, 'merge', `revert ${PATH}`]);
    expect(vi.mocked(showDialog).mock.calls[0]?.[0]?.body).toBe('Two tasks are new.');
  });

  it('merges a lesson that is not open without a notebook to save', async () => {
    const { opener, copies, told } = begin();
    copies.state = 'outdated';
    answer(true);
    await opener.open('python', 'loops', null);
    expect(told).toEqual(['keep', 'merge']);
  });

  it('asks once, and opens the older version when that is wanted', async () => {
    const { opener, show, copies, told, documents } = begin();
    show();
    copies.state = 'outdated';
    answer(false);
    await opener.open('python', 'loops', null);
    await opener.open('python', 'loops', null);
    expect(showDialog).toHaveBeenCalledTimes(1);
    expect(told).toEqual(['keep', 'keep']);
    expect(documents.openOrReveal).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('The disk is full.'))],
    ['saves nothing', () => Promise.resolve()]
  ])('never throws edits away when the save %s', async (_what, save) => {
    const { opener, show, copies, told } = begin();
    const { context } = show();
    context.save.mockImplementation(save);
    copies.state = 'outdated';
    answer(true);
    await expect(opener.open('python', 'loops', null)).rejects.toThrow('could not be saved');
    expect(told).toEqual(['keep']);
    expect(context.revert).not.toHaveBeenCalled();
  });

  it('never throws away what was written while the lesson was merged', async () => {
    const { opener, show, copies, fake } = begin();
    const { context } = show();
    copies.state = 'outdated';
    answer(true);
    fake.openLesson.mockImplementation((_course, _lesson, _exercise, update) => {
      context.model.dirty = update === 'merge';
      return Promise.resolve({ path: PATH, state: 'outdated', anchor: null, message: '' });
    });
    await expect(opener.open('python', 'loops', null)).rejects.toThrow('went on writing');
    expect(context.revert).not.toHaveBeenCalled();
  });
});

describe('updating an open lesson', () => {
  it('saves, merges and reads the file again', async () => {
    const { opener, show, told, documents } = begin();
    const { panel } = show();
    await opener.update(panel, 'python', 'loops');
    expect(told).toEqual([`save ${PATH}`, 'keep', 'merge', `revert ${PATH}`]);
    expect(documents.openOrReveal).not.toHaveBeenCalled();
  });

  it('of a copy updates the lesson in its own place, and shows that', async () => {
    const { opener, show, told, documents } = begin();
    const copy = show('copy.ipynb');
    show();
    await opener.update(copy.panel, 'python', 'loops');
    expect(told).toEqual(['save copy.ipynb', 'keep', `save ${PATH}`, 'merge', `revert ${PATH}`]);
    expect(documents.openOrReveal).toHaveBeenCalledWith(PATH);
    expect(copy.context.revert).not.toHaveBeenCalled();
  });

  it('leaves everything as it is when it cannot be saved or is refused', async () => {
    const { opener, show, told, fake } = begin();
    const { panel, context } = show();
    context.save.mockRejectedValueOnce(new Error('The disk is full.'));
    await expect(opener.update(panel, 'python', 'loops')).rejects.toThrow('could not be saved');
    expect(told).toEqual([]);
    fake.openLesson.mockRejectedValue(refused('not_found', 'There is no such lesson.'));
    await expect(opener.update(panel, 'python', 'loops')).rejects.toThrow('no such lesson');
    expect(context.revert).not.toHaveBeenCalled();
  });
});
