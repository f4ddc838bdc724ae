import type { Course, Member } from '../api/types';

/** What exercises and people are called, as far as that is known. */
export class Names {
  constructor(
    private readonly _course: Course | null,
    private readonly _people: readonly Member[]
  ) {
    const exercises = (_course?.lessons ?? []).flatMap(lesson => lesson.exercises);
    this._titles = new Map(exercises.map(({ slug, title }) => [slug, title]));
  }

  exercise(slug: string): string {
    return this._titles.get(slug) ?? slug;
  }

  /** The exercises, lesson by lesson. */
  get exercises(): readonly { slug: string; title: string; lesson: string }[] {
    return (this._course?.lessons ?? []).flatMap(lesson =>
      lesson.exercises.map(({ slug, title }) => ({ slug, title, lesson: lesson.title }))
    );
  }

  /** Everybody in the course; of those who bear the same name, with their accounts. */
  get people(): readonly { id: string; name: string; role: Member['role'] }[] {
    const times = new Map<string, number>();
    for (const { name } of this._people) {
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    return this._people.map(({ id, name, accounts, role }) => ({
      id,
      role,
      name: (times.get(name) ?? 0) > 1 ? `${name} (${accounts.join(', ')})` : name
    }));
  }

  person(id: string): string {
    return this.people.find(each => each.id === id)?.name ?? id;
  }

  private readonly _titles: ReadonlyMap<string, string>;
}
