import type { Cell } from '@jupyterlab/cells';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { JSONExt } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { ReactElement } from 'react';

import type { AnswerBody, Exercise, Responses } from '../api/types';
import type { Doubt } from '../model/doubts';
import { doubtOf } from '../model/doubts';
import type { Found } from '../model/exercise';
import { exercisesOf, factsOf, findAnswers } from '../model/exercise';
import { cellsOf, keepResponses, RESPONSES_KEY, responsesIn, responsesOf } from '../model/notebook';
import type { ILeft, NotebookFile } from '../model/notebookfile';
import { sendable, unreadable } from '../model/responses';
import { save } from '../model/saving';
import type { Consents, CourseConsent } from '../model/consents';
import type { ExerciseSession } from '../model/session';
import type { Elsewhere, ICardHost } from './card';
import { Card } from './card';
import { passOn } from './keys';
import { priceQuestion } from './words';

/** What a card needs besides its place. */
export interface ICardServices {
  trans: TranslationBundle;
  /** Brings the newest version of a lesson into its notebook, or says why it cannot. */
  update: (panel: NotebookPanel) => Promise<void>;
  /** Asks whether to hand in an answer that something speaks against. */
  confirm: (doubt: string) => Promise<boolean>;
  /** Asks whether a hint is worth its price. */
  agree: (price: string) => Promise<boolean>;
  /** Opens an exercise of a course, or says why it cannot. */
  open: (course: string, exercise: string) => Promise<void>;
  /** Reads the file of a notebook again for an exercise, or says why it cannot. */
  reread: (file: NotebookFile, exercise: string) => Promise<void>;
  /** Opens a file. */
  openFile: (path: string) => void;
  /** Returns the file of a notebook, and looks whether somebody else changes it. */
  file: (panel: NotebookPanel) => NotebookFile;
  /** What the learner said about the language model. */
  consents: Consents;
}

/** The card of an exercise, at a cell of a notebook. */
export class CardWidget extends ReactWidget implements ICardHost {
  constructor(
    readonly session: ExerciseSession,
    private readonly panel: NotebookPanel,
    private readonly cell: Cell,
    private readonly file: NotebookFile,
    private readonly services: ICardServices
  ) {
    super();
    file.changed.connect(this._emit, this);
    this.addClass('jp-tutor-attached');
    this._notebook = panel.content.model;
    this._notebook?.metadataChanged.connect(this._onMetadata, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get trouble(): string {
    return this._trouble;
  }

  get unsaved(): boolean {
    return this._unsaved;
  }

  get elsewhere(): Elsewhere {
    const { left, unsaved } = this.file;
    return left === null || !this._differs(left) ? '' : unsaved ? 'unsaved' : 'newer';
  }

  get copy(): string {
    const { copy } = this.file;
    return copy?.exercise === this.session.exercise ? copy.path : '';
  }

  get consent(): CourseConsent {
    return this.services.consents.get(this.session.course);
  }

  get responses(): Responses {
    return this._notebook ? responsesOf(this._notebook, this.session.exercise) : {};
  }

  get revision(): string | null {
    const own = this.cell.isDisposed ? null : factsOf(this.cell.model);
    if (own?.role === 'card' && own.exercise === this.session.exercise) {
      return own.revision;
    }
    const cells = this._notebook ? cellsOf(this._notebook) : [];
    const found = exercisesOf(cells).find(({ exercise }) => exercise === this.session.exercise);
    return found?.revision ?? null;
  }

  readonly setResponses = (responses: Responses): void => {
    if (this._notebook) {
      keepResponses(this._notebook, this.session.exercise, responses);
    }
  };

  readonly run = (): void => {
    const answer = this._answer();
    if (answer !== null) {
      void this.session.check(answer, this._keep);
    }
  };

  readonly submit = (): void => {
    const answer = this._answer();
    const { facts, activity } = this.session.state;
    if (answer === null || facts?.closed !== '' || activity !== null) {
      return;
    }
    void this._isMeant(facts, answer).then(meant => {
      if (meant && !this.isDisposed) {
        void this.session.submit(answer, this._keep);
      }
    });
  };

  readonly hint = (): void => {
    this._say('');
    const { facts, activity } = this.session.state;
    const { ladder } = facts ?? {};
    if (!ladder?.cost) {
      void this.session.hint();
    } else if (activity === null) {
      // Who agreed to this price has agreed to no other: should it have changed, it is told anew.
      const { cost } = ladder;
      void this.services.agree(priceQuestion(ladder, this.services.trans)).then(agreed => {
        if (agreed && !this.isDisposed) {
          void this.session.hint(cost);
        }
      });
    }
  };

  readonly openExercise = (exercise: string): void => {
    void this.services.open(this.session.course, exercise);
  };

  readonly reload = (): void => {
    void this.session.load();
  };

  readonly reread = (): void => {
    const { content } = this.panel;
    const index = content.widgets.indexOf(this.cell);
    void this.services.reread(this.file, this.session.exercise).then(async () => {
      // Reading it again made new cells, and new cards at them.
      if (content.isDisposed || index < 0 || index >= content.widgets.length) {
        return;
      }
      content.activeCellIndex = index;
      await content.scrollToItem(index);
      content.activate();
    });
  };

  readonly openCopy = (): void => {
    this.services.openFile(this.copy);
  };

  readonly updateLesson = (): void => {
    void this.services.update(this.panel).then(() => this.session.synchronise());
  };

  readonly reveal = (cellId: string, line: number): boolean => {
    const found = this._find();
    const index = found.ok ? found.cells.find(each => each.id === cellId)?.index : undefined;
    const { content } = this.panel;
    const target = index === undefined ? undefined : content.widgets[index];
    if (index === undefined || target === undefined) {
      return false;
    }
    NotebookActions.expandParent(target, content);
    content.activeCellIndex = index;
    void content
      .scrollToItem(index)
      .then(() => target.ready)
      .then(() => {
        content.mode = 'edit';
        target.editor?.setCursorPosition({ line: Math.max(0, line - 1), column: 0 });
        target.editor?.focus();
      });
    return true;
  };

  /** Brings what the card says into sight, for those who did not act at the card. */
  async showStatus(): Promise<void> {
    const { content } = this.panel;
    const index = content.widgets.indexOf(this.cell);
    if (!this.isAttached && index >= 0) {
      await content.scrollToItem(index);
      await this.cell.ready;
    }
    const status = this.node.querySelector('.jp-tutor-actions');
    if (status === null || isWithin(status, content.node)) {
      return;
    }
    // In the middle, so that there is room for the results below.
    status.scrollIntoView({ block: 'center' });
  }

  /** Forgets what was wrong with the notebook, after it has changed. */
  notebookChanged(): void {
    if (this._trouble !== '' && this._find().ok) {
      this._say('');
    } else if (this.file.left !== null) {
      this._emit();
    }
  }

  /** Keeps the notebook's own keys from what is typed or chosen in the card. */
  handleEvent(event: Event): void {
    if (event.type === 'focusin' && event.target instanceof HTMLElement) {
      // At the card alone it would be too late: most of the notebook's keys are bound to :focus.
      event.target.dataset.lmSuppressShortcuts = 'true';
    } else if (event instanceof KeyboardEvent && this.node.parentElement !== null) {
      passOn(event, this.node.parentElement);
    }
  }

  override dispose(): void {
    this._notebook?.metadataChanged.disconnect(this._onMetadata, this);
    this.file.changed.disconnect(this._emit, this);
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.node.addEventListener('keydown', this);
    this.node.addEventListener('focusin', this);
  }

  protected override onBeforeDetach(message: Message): void {
    this.node.removeEventListener('keydown', this);
    this.node.removeEventListener('focusin', this);
    super.onBeforeDetach(message);
  }

  protected override render(): ReactElement {
    const { rendermime } = this.panel.content;
    return (
      <Card
        session={this.session}
        host={this}
        rendermime={rendermime}
        trans={this.services.trans}
      />
    );
  }

  private _onMetadata(_model: INotebookModel, change: { key: string }): void {
    if (change.key === RESPONSES_KEY) {
      this._trouble = '';
      this._changed.emit();
    }
  }

  private _say(trouble: string): void {
    if (trouble !== this._trouble) {
      this._trouble = trouble;
      this._changed.emit();
    }
  }

  private _emit(): void {
    this._changed.emit();
  }

  /** Whether somebody else left another answer in the file than stands here. */
  private _differs({ cells, metadata }: ILeft): boolean {
    const { exercise } = this.session;
    const ids = this.session.state.facts?.answer_cells ?? [];
    const card = exercisesOf(cells).find(each => each.exercise === exercise)?.card ?? -1;
    const [here, there] = [this._find(), findAnswers(cells, exercise, ids, card)];
    return (
      (there.ok && !JSONExt.deepEqual(sourcesOf(here), sourcesOf(there))) ||
      !JSONExt.deepEqual(this.responses, responsesIn(metadata, exercise))
    );
  }

  private async _isMeant(facts: Exercise, answer: AnswerBody): Promise<boolean> {
    const doubt = doubtOf(facts, answer);
    return doubt === null || this.services.confirm(doubtText(doubt, this.services));
  }

  /** Keeps what the server has taken in the file too, where the learner looks for it tomorrow. */
  private readonly _keep = (): void => {
    void save(this.panel.context).then(saved => {
      if (this._unsaved === saved) {
        this._unsaved = !saved;
        this._changed.emit();
      }
    });
  };

  private _find(): Found {
    const ids = this.session.state.facts?.answer_cells ?? [];
    if (this._notebook === null) {
      return { ok: false, problem: 'missing', id: ids[0] ?? '' };
    }
    const card = this.panel.content.widgets.indexOf(this.cell);
    return findAnswers(cellsOf(this._notebook), this.session.exercise, ids, card);
  }

  private _answer(): AnswerBody | null {
    const { facts } = this.session.state;
    if (facts === null) {
      return null;
    }
    const found = this._find();
    const place = unreadable(facts.questions, this.responses);
    if (place > 0) {
      this._say(
        this.services.trans.__(
          'The answer to question %1 is not a number yet. Write it as 3 or 3.14.',
          place
        )
      );
      return null;
    }
    this._say(found.ok ? '' : troubleText(found, this.services));
    if (!found.ok) {
      return null;
    }
    return {
      revision: this.revision,
      cells: found.cells.map(({ id, source }) => ({ id, source })),
      responses: sendable(facts.questions, this.responses)
    };
  }

  private readonly _notebook: INotebookModel | null;
  private readonly _changed = new Signal<this, void>(this);
  private _trouble = '';
  private _unsaved = false;
}

function sourcesOf(found: Found): string[] {
  return found.ok ? found.cells.map(({ source }) => source) : [];
}

/** Whether all of an element can be seen in a scrolled one. */
function isWithin(element: Element, scrolled: Element): boolean {
  const [inner, outer] = [element.getBoundingClientRect(), scrolled.getBoundingClientRect()];
  return inner.height > 0 && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

function doubtText(doubt: Doubt, { trans }: ICardServices): string {
  switch (doubt.kind) {
    case 'untouched':
      return trans.__('You have not changed the answer. Submit anyway?');
    case 'empty':
      return doubt.of === 1
        ? trans.__('The question is not answered. Submit anyway?')
        : trans.__('%1 of %2 questions are empty. Submit anyway?', doubt.count, doubt.of);
  }
}

function troubleText(found: Found & { ok: false }, { trans }: ICardServices): string {
  return found.problem === 'missing'
    ? trans.__(
        'The answer cell “%1” was not found. Undo its deletion, or write the answer in a code cell between the task and this card.',
        found.id
      )
    : trans.__(
        'There are several cells that could be the answer “%1”. Delete the copies that you do not want to be run.',
        found.id
      );
}
