import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { TutorClient } from '../api/client';
import { TutorError } from '../api/client';
import type { MyData } from '../api/types';
import { Stateful } from './observed';

/** What a learner sees of what is stored of them. */
export interface IDataState {
  /** How much there is, or null as long as that is not known. */
  data: MyData | null;
  activity: 'loading' | 'exporting' | 'erasing' | null;
  /** Why something did not work, or "". */
  problem: string;
  /** Name of the archive that was made last, or "". */
  exported: string;
  isErased: boolean;
}

/** What is stored of a learner: to look at, to take along, to delete. */
export class DataDesk extends Stateful<IDataState> {
  /**
   * Begins without asking for anything.
   *
   * @param forget - Forgets, once the learner is erased, what this page knows of them.
   */
  constructor(
    private readonly client: TutorClient,
    private readonly forget: () => void
  ) {
    super({ data: null, activity: null, problem: '', exported: '', isErased: false });
  }

  /** Emits when the learner was erased: nothing that was shown of them is to be seen any more. */
  get erased(): ISignal<this, void> {
    return this._erased;
  }

  /** Reads how much there is. */
  async load(): Promise<void> {
    await this._do('loading', async () => {
      this.set({ data: await this.client.myData() });
    });
  }

  /** Has an archive made of all there is, and gives it to be saved. */
  async export(save: (name: string, archive: Blob) => void): Promise<void> {
    await this._do('exporting', async () => {
      const { name, archive } = await this.client.myExport();
      save(name, archive);
      this.set({ exported: name });
    });
  }

  /** Erases the learner, for good. */
  async erase(confirm: string): Promise<void> {
    await this._do('erasing', async () => {
      await this.client.eraseMe(confirm);
      this.forget();
      this.set({ isErased: true });
      this._erased.emit();
    });
  }

  private async _do(
    activity: NonNullable<IDataState['activity']>,
    act: () => Promise<void>
  ): Promise<void> {
    if (this.state.activity !== null) {
      return;
    }
    this.set({ activity, problem: '', exported: '' });
    let problem = '';
    try {
      await act();
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      problem = error.message;
    } finally {
      this.set({ activity: null, problem });
    }
  }

  private readonly _erased = new Signal<this, void>(this);
}
