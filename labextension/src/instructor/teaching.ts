import type { TutorClient } from '../api/client';
import { TeachingClient } from '../api/teaching';
import type { CourseList } from '../api/types';
import { Observed } from '../model/observed';
import { teaches } from '../model/overview';
import { CourseRoom } from './courseroom';
import { Loaded } from './loaded';

type Courses = CourseList['courses'];

/** What an instructor has in front of them: which course, and which part of it. */
export class Teaching extends Observed {
  constructor(private readonly client: TutorClient) {
    super();
    this.courses = new Loaded(async () => {
      const { courses } = await client.courses();
      return courses.filter(({ role }) => teaches(role));
    }, null);
    this.courses.changed.connect(this.emit, this);
  }

  /** The courses that the caller teaches. */
  readonly courses: Loaded<Courses>;

  /** The course in front, or null when they teach none. */
  get course(): Courses[number] | null {
    const courses = this.courses.value ?? [];
    return courses.find(({ slug }) => slug === this._course) ?? courses[0] ?? null;
  }

  /** Slug of the course that was asked for last, or "". */
  get chosen(): string {
    return this._course || (this.course?.slug ?? '');
  }

  /** The part that is shown: "usage", "settings" and so on. */
  get part(): string {
    return this._part;
  }

  choose(course: string): void {
    this._course = course;
    this.emit();
  }

  show(part: string): void {
    this._part = part;
    this.emit();
  }

  /** What there is to look at in a course. */
  room(slug: string): CourseRoom {
    let room = this._rooms.get(slug);
    if (room === undefined) {
      room = new CourseRoom(new TeachingClient(this.client, slug));
      this._rooms.set(slug, room);
    }
    return room;
  }

  /** Ends what goes on by itself. */
  override dispose(): void {
    super.dispose();
    for (const room of this._rooms.values()) {
      room.dispose();
    }
  }

  private readonly _rooms = new Map<string, CourseRoom>();
  private _course = '';
  private _part = 'usage';
}
