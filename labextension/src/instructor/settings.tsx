import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { IScope } from '../api/teaching';
import type { StoredSettings } from '../api/types';
import { Choice } from './choice';
import { summary } from './inherited';
import { Loading } from './loading';
import type { Names } from './names';
import type { SettingsDesk } from './settingsdesk';
import { SettingsForm } from './settingsform';

interface IProps {
  desk: SettingsDesk;
  names: Names;
  trans: TranslationBundle;
}

/** Settings of help: of the course, of one exercise, of one learner. */
export function SettingsView({ desk, names, trans }: IProps): ReactElement {
  return (
    <Loading of={desk.stored} trans={trans}>
      {({ settings }) => (
        <UseSignal signal={desk.changed}>
          {() => (
            <>
              <Scopes desk={desk} names={names} trans={trans} />
              <SettingsForm
                key={JSON.stringify(desk.scope)}
                desk={desk}
                subject={subject(desk.scope, names, trans)}
                all={settings}
                trans={trans}
              />
              <Said all={settings} desk={desk} names={names} trans={trans} />
            </>
          )}
        </UseSignal>
      )}
    </Loading>
  );
}

/** Whom settings are for, in words. */
export function subject(scope: IScope, names: Names, trans: TranslationBundle): string {
  if (scope.exercise !== undefined) {
    return trans.__('the exercise “%1”', names.exercise(scope.exercise));
  }
  return scope.learner === undefined ? trans.__('the whole course') : names.person(scope.learner);
}

function Scopes({ desk, names, trans }: IProps): ReactElement {
  const { scope } = desk;
  return (
    <div className="jp-tutor-choosers">
      <Choice
        label={trans.__('For')}
        value={scope.exercise !== undefined ? 'exercise' : scope.learner ? 'learner' : 'course'}
        options={[
          { value: 'course', label: trans.__('The whole course') },
          { value: 'exercise', label: trans.__('One exercise') },
          { value: 'learner', label: trans.__('One learner') }
        ]}
        choose={kind => {
          const [exercise] = names.exercises;
          const [person] = names.people;
          desk.choose(
            kind === 'exercise' && exercise
              ? { exercise: exercise.slug }
              : kind === 'learner' && person
                ? { learner: person.id }
                : {}
          );
        }}
      />
      {scope.exercise === undefined ? null : (
        <Choice
          label={trans.__('Exercise')}
          value={scope.exercise}
          options={names.exercises.map(({ slug, title, lesson }) => ({
            value: slug,
            label: `${lesson} – ${title}`
          }))}
          choose={exercise => {
            desk.choose({ exercise });
          }}
        />
      )}
      {scope.learner === undefined ? null : (
        <Choice
          label={trans.__('Learner')}
          value={scope.learner}
          options={names.people.map(({ id, name }) => ({ value: id, label: name }))}
          choose={learner => {
            desk.choose({ learner });
          }}
        />
      )}
    </div>
  );
}

/** All that is said in the course, with a way to each. */
function Said(props: IProps & { all: readonly StoredSettings[] }): ReactElement {
  const { all, desk, names, trans } = props;
  return (
    <section className="jp-tutor-said" aria-label={trans.__('What is said so far')}>
      <h3>{trans.__('What is said so far')}</h3>
      {all.length === 0 ? (
        <p className="jp-tutor-empty">
          {trans.__('Nothing: help is as the author of each exercise wants it.')}
        </p>
      ) : (
        <ul>
          {all.map(({ settings, exercise, learner }) => {
            const scope = {
              ...(exercise === null ? {} : { exercise }),
              ...(learner === null ? {} : { learner })
            };
            return (
              <li key={`${exercise ?? ''}/${learner ?? ''}`}>
                <button
                  type="button"
                  className="jp-tutor-link"
                  onClick={() => {
                    desk.choose(scope);
                  }}
                >
                  {subject(scope, names, trans)}
                </button>
                <span>{summary(settings, trans)}</span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
