import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { PanelLayout, Widget } from '@lumino/widgets';
import { act } from 'react';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { Consents } from '../../src/model/consents';
import { keepResponses, RESPONSES_KEY } from '../../src/model/notebook';
import { NotebookFile } from '../../src/model/notebookfile';
import { TutorSessions } from '../../src/model/sessions';
import { NotebookCards } from '../../src/widgets/cards';
import { fakeClient } from '../fakes';
import { rendermime, trans } from '../render';
import { exercise, ladder, question, REVISION } from '../samples';

const facts = (role: string, of: string, id: string = role) => ({
  jupyter_tutor: {
    version: 1,
    role,
    exercise: of,
    id,
    ...(role === 'card' ? { revision: REVISION } : {})
  }
});

/** A notebook as far as cards look at it: its model, and a widget for each cell. */
function notebook(course: string | null = 'python') {
  const model = new NotebookModel();
  model.sharedModel.deleteCellRange(0, model.sharedModel.cells.length);
  if (course !== null) {
    model.setMetadata('jupyter_tutor', { version: 1, course, lesson: 'loops' });
  }
  for (const slug of ['one', 'two']) {
    model.sharedModel.addCell({
      cell_type: 'markdown',
      source: '',
      metadata: facts('prompt', slug)
    });
    model.sharedModel.addCell({
      cell_type: 'code',
      source: `code of ${slug}`,
      metadata: facts('answer', slug)
    });
    model.sharedModel.addCell({ cell_type: 'code', source: '', metadata: facts('card', slug) });
  }
  const readiness = new Map<Widget, PromiseDelegate<void>>();
  const widgets: Widget[] = [];
  const sync = (): void => {
    const known = new Map(widgets.map(each => [each.id, each]));
    widgets.splice(
      0,
      widgets.length,
      ...[...model.cells].map(cell => {
        const widget = known.get(cell.id);
        if (widget !== undefined) {
          return widget;
        }
        const ready = new PromiseDelegate<void>();
        const made = Object.assign(new Widget(), { model: cell, ready: ready.promise });
        made.id = cell.id;
        made.layout = new PanelLayout();
        readiness.set(made, ready);
        return made;
      })
    );
  };
  sync();
  const content = {
    model,
    widgets,
    rendermime,
    activeCellIndex: 0,
    get activeCell() {
      return widgets[this.activeCellIndex] ?? null;
    },
    modelContentChanged: new Signal<object, void>({})
  };
  model.contentChanged.connect(() => {
    sync();
    content.modelContentChanged.emit();
  });
  const context = {
    ready: Promise.resolve(),
    model,
    path: 'loops.ipynb',
    isDisposed: false,
    contentsModel: { hash: '1', last_modified: '2026-01-01T00:00:00Z' },
    saveState: new Signal<object, string>({}),
    fileChanged: new Signal<object, void>({}),
    revert: vi.fn(() => Promise.resolve()),
    save: vi.fn(() => {
      model.dirty = false;
      return Promise.resolve();
    })
  };
  const panel = {
    content,
    context,
    disposed: new Signal<object, void>({})
  } as unknown as NotebookPanel;
  return { model, content, context, panel, widgets, readiness };
}

async function begin(course: string | null = 'python') {
  const { fake, client } = fakeClient();
  fake.exercise.mockImplementation((_course, slug) =>
    Promise.resolve(
      exercise({ slug, questions: [question({ id: 'n', type: 'number', choices: [] })] })
    )
  );
  const update = vi.fn().mockResolvedValue(undefined);
  const book = notebook(course);
  const confirm = vi.fn<(doubt: string) => Promise<boolean>>().mockResolvedValue(true);
  const agree = vi.fn<(price: string) => Promise<boolean>>().mockResolvedValue(true);
  const open = vi.fn().mockResolvedValue(undefined);
  const get = vi.fn();
  const openFile = vi.fn();
  const reread = vi.fn((file: NotebookFile, slug: string) => file.reload(slug));
  const cards = new NotebookCards(book.panel, new TutorSessions(client), {
    trans,
    update,
    confirm,
    agree,
    open,
    reread,
    openFile,
    file: panel => new NotebookFile(panel.context, { get, save: vi.fn() }),
    consents: new Consents(client)
  });
  const flush = (): Promise<void> => new Promise(done => setTimeout(done, 0));
  await flush();
  const show = async (): Promise<void> => {
    book.readiness.forEach(ready => {
      ready.resolve();
    });
    await flush();
  };
  const attached = (): number[] =>
    book.widgets.map(
      each => [...(each.layout ?? [])].filter(w => w.hasClass('jp-tutor-attached')).length
    );
  return {
    ...book,
    get,
    openFile,
    reread,
    fake,
    cards,
    update,
    confirm,
    agree,
    open,
    flush,
    show,
    attached
  };
}

describe('the cards of a notebook', () => {
  it('are one for each card cell, put below its parts once it has them', async () => {
    const { attached, show, widgets } = await begin();
    expect(attached()).toEqual([0, 0, 0, 0, 0, 0]);
    (widgets[2]?.layout as PanelLayout).addWidget(new Widget());
    await show();
    expect(attached()).toEqual([0, 0, 1, 0, 0, 1]);
    expect([...(widgets[2]?.layout ?? [])].at(-1)?.hasClass('jp-tutor-attached')).toBe(true);
  });

  it('are found before they are in sight', async () => {
    const { cards, content } = await begin();
    content.activeCellIndex = 4;
    expect(cards.active()?.session.exercise).toBe('two');
  });

  it('do not double when the notebook changes', async () => {
    const { attached, show, model, flush } = await begin();
    await show();
    model.sharedModel.getCell(1).setSource('more');
    model.sharedModel.getCell(1).setSource('and more');
    await flush();
    expect(attached()).toEqual([0, 0, 1, 0, 0, 1]);
  });

  it('come with a copied card cell, go with a deleted one, and share a session', async () => {
    const { attached, show, model, cards, content } = await begin();
    const changed = vi.fn();
    cards.changed.connect(changed);
    model.sharedModel.addCell({ cell_type: 'code', source: '', metadata: facts('card', 'one') });
    await show();
    expect(attached()).toEqual([0, 0, 1, 0, 0, 1, 1]);
    content.activeCellIndex = 2;
    const original = cards.active();
    content.activeCellIndex = 6;
    const copy = cards.active();
    expect(copy).not.toBe(original);
    expect(copy?.session).toBe(original?.session);
    model.sharedModel.deleteCell(2);
    await show();
    expect(attached()).toEqual([0, 0, 0, 0, 1, 1]);
    expect(original?.isDisposed).toBe(true);
    expect(copy?.isDisposed).toBe(false);
    expect(changed).toHaveBeenCalled();
  });

  it('are none in an ordinary notebook', async () => {
    const { attached, show, cards } = await begin(null);
    await show();
    expect(attached()).toEqual([0, 0, 0, 0, 0, 0]);
    expect([cards.course, cards.active()]).toEqual([null, null]);
  });

  it('are gone when the notebook is closed', async () => {
    const { cards, content, model, attached, show } = await begin();
    await show();
    content.activeCellIndex = 2;
    const card = cards.active();
    cards.dispose();
    expect(card?.isDisposed).toBe(true);
    model.sharedModel.getCell(1).setSource('late');
    expect(attached()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('stand in any other cell too, where the course is known', async () => {
    const { cards, widgets } = await begin();
    const own = widgets[0] as Cell;
    expect(cards.has(own, 'one')).toBe(false);
    expect(cards.has(widgets[2] as Cell, 'one')).toBe(true);
    expect(cards.has(widgets[2] as Cell, 'two')).toBe(false);
    expect(cards.make(own, 'two', '')?.revision).toBe(REVISION);
    const ordinary = await begin(null);
    expect(ordinary.cards.make(ordinary.widgets[0] as Cell, 'two', '')).toBeNull();
    expect(ordinary.cards.make(ordinary.widgets[0] as Cell, 'two', 'python')).not.toBeNull();
  });
});

describe('a card in its notebook', () => {
  async function one() {
    const all = await begin();
    all.content.activeCellIndex = 1;
    const card = all.cards.active();
    if (card === null) {
      throw new Error('There is no card.');
    }
    return { ...all, card };
  }

  it('sends the live source, its revision and the responses as numbers', async () => {
    const { card, model, fake, flush } = await one();
    model.sharedModel.getCell(1).setSource('not saved yet');
    keepResponses(model, 'one', { n: '2,5' });
    card.run();
    await flush();
    expect(fake.check.mock.calls[0]?.slice(0, 3)).toEqual([
      'python',
      'one',
      {
        revision: REVISION,
        cells: [{ id: 'answer', source: 'not saved yet' }],
        responses: { n: 2.5 }
      }
    ]);
  });

  it('says what is missing, and forgets it when it is there again', async () => {
    const { card, model, fake, flush } = await one();
    const answer = model.sharedModel.getCell(1).toJSON();
    model.sharedModel.deleteCell(1);
    card.run();
    card.submit();
    expect(card.trouble).toContain('was not found');
    model.sharedModel.insertCell(1, answer);
    await flush();
    expect(card.trouble).toBe('');
    expect(fake.check).not.toHaveBeenCalled();
    expect(fake.submit).not.toHaveBeenCalled();
  });

  it('says which number cannot be read, until it is mended', async () => {
    const { card, model, fake } = await one();
    card.setResponses({ n: 'three' });
    card.submit();
    expect(card.trouble).toContain('question 1');
    expect(fake.submit).not.toHaveBeenCalled();
    card.setResponses({ n: '3' });
    expect(card.trouble).toBe('');
    expect(model.getMetadata('jupyter_tutor_responses')).toEqual({ one: { n: '3' } });
  });

  it('keeps what the server took in the file, and says when it cannot', async () => {
    const { card, model, context, fake, flush } = await one();
    model.sharedModel.getCell(1).setSource('not saved yet');
    expect(model.dirty).toBe(true);
    card.run();
    await flush();
    expect([model.dirty, card.unsaved]).toEqual([false, false]);
    context.save.mockRejectedValue(new Error('The disk is full.'));
    model.sharedModel.getCell(1).setSource('more');
    card.run();
    await flush();
    expect(fake.check).toHaveBeenCalledTimes(2);
    expect(card.session.state).toMatchObject({ shown: 'attempt', problem: null });
    expect(card.unsaved).toBe(true);
    context.save.mockImplementation(() => {
      model.dirty = false;
      return Promise.resolve();
    });
    keepResponses(model, 'one', { n: '1' });
    card.submit();
    await flush();
    expect(card.unsaved).toBe(false);
  });

  it('does not save while the tutor is away, as the files may be away too', async () => {
    const { card, model, context, fake, flush } = await one();
    model.sharedModel.getCell(1).setSource('not saved yet');
    fake.check.mockReturnValue(new Promise(() => undefined));
    card.run();
    await flush();
    expect(context.save).not.toHaveBeenCalled();
  });

  it('asks before it hands in what was not worked on, and takes no for an answer', async () => {
    const { card, model, confirm, fake, flush } = await one();
    card.submit();
    await flush();
    expect(confirm.mock.calls).toEqual([['The question is not answered. Submit anyway?']]);
    expect(fake.submit).toHaveBeenCalledTimes(1);
    keepResponses(model, 'one', { n: '1' });
    model.sharedModel.getCell(1).setSource('pass\n');
    confirm.mockResolvedValue(false);
    card.submit();
    await flush();
    expect(confirm).toHaveBeenLastCalledWith('You have not changed the answer. Submit anyway?');
    expect(fake.submit).toHaveBeenCalledTimes(1);
    model.sharedModel.getCell(1).setSource('return 1');
    card.submit();
    await flush();
    expect(confirm).toHaveBeenCalledTimes(2);
    expect(fake.submit).toHaveBeenCalledTimes(2);
  });

  it('asks for a hint, and for a dear one only who agrees to its price', async () => {
    const { card, agree, fake, flush } = await one();
    card.hint();
    await flush();
    expect(agree).not.toHaveBeenCalled();
    const dear = exercise({ slug: 'one', ladder: ladder({ next_level: 3, cost: 0.5 }) });
    fake.exercise.mockResolvedValue(dear);
    await card.session.synchronise();
    agree.mockResolvedValue(false);
    card.hint();
    await flush();
    expect(agree.mock.calls[0]?.[0]).toContain('the pointer, costs 0.5 points');
    expect(fake.hint.mock.calls.map(([, , accepted]) => accepted)).toEqual([0]);
    agree.mockResolvedValue(true);
    card.hint();
    await flush();
    expect(fake.hint.mock.calls.map(([, , accepted]) => accepted)).toEqual([0, 0.5]);
  });

  it('opens another exercise of its course', async () => {
    const { card, open } = await one();
    card.openExercise('two');
    expect(open.mock.calls).toEqual([['python', 'two']]);
  });

  it('does not submit what is closed', async () => {
    const { card, fake, flush } = await one();
    fake.exercise.mockResolvedValue(exercise({ slug: 'one', closed: 'It was due yesterday.' }));
    await card.session.synchronise();
    card.submit();
    await flush();
    expect(fake.submit).not.toHaveBeenCalled();
  });

  it('keeps plain keys from the notebook, and lets those with Alt or Ctrl through', async () => {
    const { card } = await one();
    const commands = new CommandRegistry();
    const done: string[] = [];
    for (const [id, keys, selector] of [
      ['delete', 'D', '.jp-Notebook'],
      // As JupyterLab binds the keys of the command mode.
      ['next', 'J', '.jp-Notebook :focus'],
      ['save', 'Ctrl S', '.jp-Notebook']
    ] as const) {
      commands.addCommand(id, { execute: () => done.push(id) });
      commands.addKeyBinding({ command: id, keys: [keys], selector });
    }
    const book = document.createElement('div');
    book.className = 'jp-Notebook';
    document.body.append(book);
    const listen = (event: KeyboardEvent): void => {
      commands.processKeydownEvent(event);
    };
    document.addEventListener('keydown', listen, true);
    onTestFinished(() => {
      document.removeEventListener('keydown', listen, true);
    });
    await act(async () => {
      Widget.attach(card, book);
      await Promise.resolve();
    });
    const field = document.createElement('input');
    field.type = 'radio';
    card.node.append(field);
    field.focus();
    const press = (key: string, keyCode: number, ctrlKey = false): void => {
      const init = { key, keyCode, ctrlKey, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', init));
    };
    press('d', 68);
    press('j', 74);
    expect(done).toEqual([]);
    press('s', 83, true);
    expect(done).toEqual(['save']);
    expect(done).toHaveLength(1);
    await act(async () => {
      card.dispose();
      await Promise.resolve();
    });
  });

  it('updates its lesson, then reads the exercise anew', async () => {
    const { card, update, fake, flush, panel } = await one();
    const asked = fake.exercise.mock.calls.length;
    card.updateLesson();
    await flush();
    expect(update).toHaveBeenCalledWith(panel);
    expect(fake.exercise.mock.calls.length).toBe(asked + 1);
  });
});

describe('a card whose notebook is changed elsewhere', () => {
  /** Leaves something in the file, as another tab does. */
  async function changed(change: (file: ReturnType<NotebookModel['toJSON']>) => void) {
    const all = await begin();
    await all.show();
    all.model.dirty = false;
    const file = structuredClone(all.model.toJSON());
    change(file);
    const now = { hash: '2', last_modified: '2026-01-02T00:00:00Z' };
    all.get.mockResolvedValue({ ...now, content: file });
    all.cards.look();
    await all.flush();
    const cards = [2, 5].map(index => {
      all.content.activeCellIndex = index;
      return all.cards.active();
    });
    return { ...all, one: cards[0], two: cards[1] };
  }

  const write = (file: ReturnType<NotebookModel['toJSON']>): void => {
    Object.assign((file as { cells: object[] }).cells[1] ?? {}, { source: 'written elsewhere' });
  };

  it('says so at the exercise that it is about, and at no other', async () => {
    const { one, two, model, flush } = await changed(write);
    expect([one?.elsewhere, two?.elsewhere]).toEqual(['newer', '']);
    const told = vi.fn();
    one?.changed.connect(told);
    model.sharedModel.getCell(1).setSource('written here');
    expect(one?.elsewhere).toBe('unsaved');
    model.sharedModel.getCell(1).setSource('written elsewhere');
    await flush();
    expect(one?.elsewhere).toBe('');
    expect(told).toHaveBeenCalled();
  });

  it('says so of a quiz', async () => {
    const { one, two } = await changed(({ metadata }) => {
      Object.assign(metadata, { [RESPONSES_KEY]: { two: { n: '3' } } });
    });
    expect([one?.elsewhere, two?.elsewhere]).toEqual(['', 'newer']);
  });

  it('says nothing where something else was changed', async () => {
    const { one, two } = await changed(file => {
      Object.assign((file as { cells: object[] }).cells[0] ?? {}, { source: 'A title' });
    });
    expect([one?.elsewhere, two?.elsewhere]).toEqual(['', '']);
  });

  it('reads it again when it is told to, and the learner is where they were', async () => {
    const { one, context, content, flush } = await changed(write);
    const scrollToItem = vi.fn().mockResolvedValue(undefined);
    const activate = vi.fn();
    Object.assign(content, { scrollToItem, activate });
    one?.reread();
    await flush();
    expect(context.revert).toHaveBeenCalledTimes(1);
    expect([one?.elsewhere, one?.copy]).toEqual(['', '']);
    expect(scrollToItem).toHaveBeenCalledWith(2);
    expect(activate).toHaveBeenCalledTimes(1);
  });
});
