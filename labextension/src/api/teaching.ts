import type { TutorClient } from './client';
import { newKey } from './client';
import type {
  AllSettings,
  Collected,
  Conversations,
  Course,
  Opinions,
  Readings,
  ReleaseBody,
  Released,
  Review,
  Reviews,
  Roster,
  Settings,
  Usage
} from './types';

/** Whom settings are for: with neither exercise nor learner, a whole course. */
export interface IScope {
  exercise?: string;
  learner?: string;
}

/** Which reviews are asked for; "" is all. */
export interface IReviewFilter {
  exercise: string;
  status: string;
}

/** What the instructors of one course ask of the tutor; anybody else is refused. */
export class TeachingClient {
  constructor(
    private readonly tutor: TutorClient,
    readonly slug: string
  ) {}

  course(): Promise<Course> {
    return this.tutor.course(this.slug);
  }

  people(): Promise<Roster> {
    return this.tutor.get(this._path('people'));
  }

  /** @param since - From this time on, ISO 8601 with zone; null is from the beginning. */
  usage(by: Usage['by'], since: string | null): Promise<Usage> {
    return this.tutor.get(this._path('usage'), since === null ? { by } : { by, since });
  }

  opinions(): Promise<Opinions> {
    return this.tutor.get(this._path('hint-feedback'));
  }

  settings(): Promise<AllSettings> {
    return this.tutor.get(this._path('hint-settings'));
  }

  /** Replaces what is said there; answers with all that is said in the course. */
  saveSettings(scope: IScope, settings: Settings): Promise<AllSettings> {
    const { exercise, learner } = scope;
    const place =
      exercise !== undefined
        ? ['exercises', exercise]
        : learner !== undefined
          ? ['learners', learner]
          : [];
    return this.tutor.put(this._path(...place, 'hint-settings'), newKey(), settings);
  }

  conversations(learner: string): Promise<Conversations> {
    return this.tutor.get(this._path('learners', learner, 'conversations'));
  }

  reviews(filter: IReviewFilter): Promise<Reviews> {
    const asked = Object.entries(filter).filter(([, value]) => value !== '');
    return this.tutor.get(this._path('reviews'), Object.fromEntries(asked));
  }

  review(id: string): Promise<Review> {
    return this.tutor.get(this._path('reviews', id));
  }

  release(id: string, decided: ReleaseBody, key: string): Promise<Review> {
    return this.tutor.post(this._path('reviews', id, 'release'), key, decided);
  }

  /** Has the waiting answers to an exercise read by the language model. */
  read(exercise: string, mode: Readings['mode']): Promise<Readings> {
    return this.tutor.post(this._path('exercises', exercise, 'readings'), newKey(), { mode });
  }

  /** Releases those of some drafts of an exercise that nothing is in doubt about. */
  releaseUndoubted(exercise: string, submissions: readonly string[]): Promise<Released> {
    const body = { submissions: [...submissions] };
    return this.tutor.post(this._path('exercises', exercise, 'releases'), newKey(), body);
  }

  /** Asks now for what batches have brought. */
  collect(): Promise<Collected> {
    return this.tutor.post(this._path('readings', 'collection'), newKey(), {});
  }

  private _path(...parts: string[]): string {
    return this.tutor.path('courses', this.slug, ...parts);
  }
}
