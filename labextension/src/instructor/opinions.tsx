import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Opinions } from '../api/types';
import { count, share } from './figures';
import type { Loaded } from './loaded';
import { Loading } from './loading';
import type { Names } from './names';
import type { IColumn } from './table';
import { Table } from './table';

type Opinion = Opinions['exercises'][number];

/** What learners think of the hints, exercise by exercise; nobody is named. */
export function OpinionsView(props: {
  opinions: Loaded<Opinions>;
  names: Names;
  trans: TranslationBundle;
}): ReactElement {
  const { opinions, names, trans } = props;
  return (
    <Loading of={opinions} trans={trans}>
      {({ exercises }) =>
        exercises.length === 0 ? (
          <p className="jp-tutor-empty">
            {trans.__('No hint was given yet. What learners think of hints will stand here.')}
          </p>
        ) : (
          <>
            <p className="jp-tutor-quiet">
              {trans.__(
                'Learners mark each hint as they like; who said what is not told. An exercise with many hints called wrong deserves a look at its reference and its tests.'
              )}
            </p>
            <Table
              label={trans.__('What learners think of the hints')}
              columns={columns(names, trans)}
              rows={exercises}
              rowKey={({ exercise }) => exercise}
              foot={total(exercises)}
            />
          </>
        )
      }
    </Loading>
  );
}

/** How many of a hint's opinions there are. */
export function marked(of: Opinion): number {
  return of.helpful + of.not_helpful + of.wrong;
}

/** All exercises together. */
export function total(exercises: readonly Opinion[]): Opinion {
  const sum = (name: Exclude<keyof Opinion, 'exercise'>): number =>
    exercises.reduce((before, each) => before + each[name], 0);
  return {
    exercise: '',
    hints: sum('hints'),
    helpful: sum('helpful'),
    not_helpful: sum('not_helpful'),
    wrong: sum('wrong')
  };
}

function columns(names: Names, trans: TranslationBundle): IColumn<Opinion>[] {
  const part = (of: Opinion, some: number): number => (marked(of) > 0 ? some / marked(of) : 0);
  const figure = (
    key: 'hints' | 'helpful' | 'not_helpful' | 'wrong',
    label: string
  ): IColumn<Opinion> => ({
    name: key,
    label,
    text: of => count(of[key]),
    figure: of => of[key]
  });
  return [
    {
      name: 'exercise',
      label: trans.__('Exercise'),
      text: ({ exercise }) => (exercise ? names.exercise(exercise) : trans.__('Total'))
    },
    figure('hints', trans.__('Hints')),
    figure('helpful', trans.__('Helpful')),
    figure('not_helpful', trans.__('Not helpful')),
    figure('wrong', trans.__('Wrong')),
    {
      name: 'marked',
      label: trans.__('Marked'),
      title: trans.__('Share of the hints that somebody said something of'),
      text: of => (of.hints > 0 ? share(Math.min(1, marked(of) / of.hints)) : '–'),
      figure: of => (of.hints > 0 ? marked(of) / of.hints : 0)
    },
    {
      name: 'share',
      label: trans.__('Wrong of marked'),
      title: trans.__('Share of the marks that say “wrong”'),
      text: of => (marked(of) > 0 ? share(part(of, of.wrong)) : '–'),
      figure: of => part(of, of.wrong)
    }
  ];
}
