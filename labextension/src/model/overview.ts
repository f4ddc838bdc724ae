import type { TutorClient } from '../api/client';
import { TutorError } from '../api/client';
import type { Course, CourseList } from '../api/types';
import type { ITutorSessions } from '../tokens';
import type { IKept } from './kept';
import { FORGETFUL } from './kept';
import { Stateful } from './observed';
import { pauseAfter } from './patience';

/** What the side panel shows. */
export interface IOverviewState {
  courses: CourseList['courses'];
  course: Course | null;
  loading: boolean;
  /** Why there is nothing to show, or "". */
  problem: string;
}

/** Whether a role is one that sees a whole course; the server decides, and this only what is shown. */
export function teaches(role: Course['role'] | null): boolean {
  return role === 'instructor' || role === 'admin';
}

/** Until somebody has asked, it is not known whether there is a course. */
const BEGINNING: IOverviewState = { courses: [], course: null, loading: true, problem: '' };

/** The course that the side panel shows, kept up to date with what the learner does. */
export class Overview extends Stateful<IOverviewState> {
  constructor(
    private readonly client: TutorClient,
    private readonly sessions: ITutorSessions,
    /** The course that was shown last. */
    private readonly last: IKept = FORGETFUL
  ) {
    super(BEGINNING);
    this._chosen = last.get();
    sessions.settled.connect(this._refreshAgain, this);
    sessions.elsewhere.connect(this._refreshAgain, this);
    client.languageChanged.connect(this._refreshAgain, this);
  }

  override dispose(): void {
    super.dispose();
    clearTimeout(this._timer);
    this.sessions.settled.disconnect(this._refreshAgain, this);
    this.sessions.elsewhere.disconnect(this._refreshAgain, this);
    this.client.languageChanged.disconnect(this._refreshAgain, this);
  }

  /** Shows another course. */
  async choose(slug: string): Promise<void> {
    this._keep(slug);
    await this.refresh();
  }

  /**
   * Shows the course of the notebook in front; null when that is no lesson. Whatever is chosen by
   * hand stays until a notebook of another course comes to the front.
   */
  follow(slug: string | null): void {
    if (slug === null || slug === this._followed) {
      return;
    }
    this._followed = slug;
    if (slug !== this._chosen) {
      this._keep(slug);
      this._refreshAgain();
    }
  }

  /** Asks again now, where it waits for the tutor to come back. */
  hurry(): void {
    if (this.state.problem !== '' && !this.state.loading) {
      this._refreshAgain();
    }
  }

  /** Reads everything anew; what is shown stays until the answer is there. */
  async refresh(): Promise<void> {
    clearTimeout(this._timer);
    const turn = ++this._turn;
    this.set({ loading: true });
    try {
      const { courses } = await this.client.courses();
      const chosen = courses.find(({ slug }) => slug === this._chosen) ?? courses[0];
      const course = chosen ? await this.client.course(chosen.slug) : null;
      if (turn === this._turn) {
        if (chosen && this._chosen === '') {
          // Courses that are published later do not take its place.
          this._keep(chosen.slug);
        }
        this._failures = 0;
        this.set({ courses, course, loading: false, problem: '' });
      }
    } catch (error) {
      if (!(error instanceof TutorError)) {
        this.set({ loading: false });
        throw error;
      }
      if (turn === this._turn) {
        this.set({ loading: false, problem: error.message });
        this._tryLater(error);
      }
    }
  }

  /** Reads anew what has been asked for before; whoever never looked is not made to ask. */
  private _refreshAgain(): void {
    if (this._turn > 0) {
      void this.refresh();
    }
  }

  private _tryLater(error: TutorError): void {
    if (!error.retriable || this.isDisposed) {
      return;
    }
    this._timer = setTimeout(() => void this.refresh(), pauseAfter(this._failures++) * 1000);
  }

  private _keep(slug: string): void {
    this._chosen = slug;
    this.last.set(slug);
  }

  private _chosen: string;
  private _followed = '';
  private _turn = 0;
  private _failures = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
