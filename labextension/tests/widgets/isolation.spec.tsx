import { Signal } from '@lumino/signaling';
import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import type { TutorClient } from '../../src/api/client';
import { ExerciseSession } from '../../src/model/session';
import type { ICardHost } from '../../src/widgets/card';
import { Card } from '../../src/widgets/card';
import { away, fakeClient } from '../fakes';
import { rendermime, show, trans } from '../render';
import { attempt, exercise, REVISION } from '../samples';

const TOLD = 'with limits only';

type Isolation = Awaited<ReturnType<TutorClient['isolation']>>;

async function text(isolation: Isolation | Error, tried = true): Promise<string> {
  const { fake, client } = fakeClient();
  fake.exercise.mockResolvedValue(exercise({ last_attempt: tried ? attempt() : null }));
  if (isolation instanceof Error) {
    fake.isolation.mockRejectedValue(isolation);
  } else {
    fake.isolation.mockResolvedValue(isolation);
  }
  const session = new ExerciseSession('python', 'sum-up', client);
  const host: ICardHost = {
    changed: new Signal<object, void>({}),
    run: vi.fn(),
    submit: vi.fn(),
    hint: vi.fn(),
    reveal: vi.fn(),
    reload: vi.fn(),
    updateLesson: vi.fn(),
    openExercise: vi.fn(),
    consent: null,
    setResponses: vi.fn(),
    responses: {},
    revision: REVISION,
    trouble: '',
    unsaved: false,
    elsewhere: '',
    reread: vi.fn(),
    copy: '',
    openCopy: vi.fn()
  };
  const shown = await show(
    <Card session={session} host={host} rendermime={rendermime} trans={trans} />
  );
  await act(() => session.load());
  return shown.host.textContent;
}

describe('beside results', () => {
  it('it is told when nothing but limits keeps answers apart', async () => {
    expect(await text('limits')).toContain(TOLD);
  });

  it.each<Isolation>(['namespaces', 'landlock', 'none', null])(
    'nothing is told of %s',
    async isolation => {
      expect(await text(isolation)).not.toContain(TOLD);
    }
  );

  it('nothing is told without results, or when it is not known', async () => {
    expect(await text('limits', false)).not.toContain(TOLD);
    expect(await text(away())).not.toContain(TOLD);
  });
});
