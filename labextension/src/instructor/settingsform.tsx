import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { IScope } from '../api/teaching';
import type { Settings, StoredSettings } from '../api/types';
import { Action } from '../widgets/action';
import { Choice, describes, Said } from './choice';
import type { Switch, Word } from './drafts';
import { RUNGS, SWITCHES } from './drafts';
import { costWord, fieldWord, inherited, rungWord, switchNote } from './inherited';
import type { SettingsDesk } from './settingsdesk';

interface IProps {
  desk: SettingsDesk;
  /** Whom the form is for, in words. */
  subject: string;
  all: readonly StoredSettings[];
  trans: TranslationBundle;
}

/** Everything that can be said of help, for one scope; what is left open says what holds instead. */
export function SettingsForm({ desk, subject, all, trans }: IProps): ReactElement {
  const { draft, outcome, scope } = desk;
  const name = useId();
  // At the field itself its name says nothing more.
  const told = outcome.problem.replace(/^[a-z_.]+: /, '');
  const problem = (field: string): string =>
    outcome.field === field || outcome.field.startsWith(`${field}.`) ? told : '';
  const holds = (field: keyof Settings): string => inherited(field, scope, all, trans);
  const switches = SWITCHES.filter(each => each !== 'conversations_visible' || isCourse(scope));
  const known = ['deepest', 'most_hints', 'costs', ...switches].some(each => problem(each) !== '');
  return (
    <form
      className="jp-tutor-settings"
      aria-labelledby={name}
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void desk.save();
      }}
    >
      <h3 id={name}>{trans.__('Help for %1', subject)}</h3>
      <Choice
        label={fieldWord('deepest', trans)}
        value={draft.deepest}
        problem={problem('deepest')}
        note={trans.__(
          'The author of an exercise sets a ceiling; “%1” alone goes past it.',
          rungWord(5, trans)
        )}
        options={[
          open(holds('deepest'), trans),
          ...[0, 1, 2, 3, 4, 5].map(level => ({
            value: String(level),
            label: rungWord(level, trans)
          }))
        ]}
        choose={deepest => {
          desk.change({ deepest });
        }}
      />
      <Figure
        label={fieldWord('most_hints', trans)}
        value={draft.most_hints}
        note={trans.__('From 0 to 20. Left empty: %1.', holds('most_hints'))}
        problem={problem('most_hints')}
        change={most_hints => {
          desk.change({ most_hints });
        }}
      />
      <Costs
        desk={desk}
        holds={holds('costs')}
        problem={outcome.field === 'costs' ? told : ''}
        problemAt={problem}
        trans={trans}
      />
      {switches.map(each => (
        <SwitchField
          key={each}
          field={each}
          desk={desk}
          holds={holds(each)}
          problem={problem(each)}
          trans={trans}
        />
      ))}
      <Buttons desk={desk} problem={known ? '' : outcome.problem} trans={trans} />
    </form>
  );
}

function isCourse(scope: IScope): boolean {
  return scope.exercise === undefined && scope.learner === undefined;
}

function open(holds: string, trans: TranslationBundle): { value: string; label: string } {
  return { value: '', label: trans.__('Nothing said here (%1)', holds) };
}

function SwitchField(props: {
  field: Switch;
  desk: SettingsDesk;
  holds: string;
  problem: string;
  trans: TranslationBundle;
}): ReactElement {
  const { field, desk, holds, problem, trans } = props;
  return (
    <Choice
      label={fieldWord(field, trans)}
      value={desk.draft[field]}
      note={switchNote(field, desk.scope, trans)}
      problem={problem}
      options={[
        open(holds, trans),
        { value: 'yes', label: trans.__('Yes') },
        { value: 'no', label: trans.__('No') }
      ]}
      choose={value => {
        desk.change({ [field]: value as Word });
      }}
    />
  );
}

function Figure(props: {
  label: string;
  value: string;
  note?: string;
  problem: string;
  change: (value: string) => void;
}): ReactElement {
  const { label, value, note = '', problem, change } = props;
  const id = useId();
  return (
    <div className="jp-tutor-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        step="any"
        className="jp-tutor-input"
        value={value}
        aria-invalid={problem !== ''}
        aria-describedby={describes(id, note, problem)}
        onChange={event => {
          change(event.target.value);
        }}
      />
      <Said id={id} note={note} problem={problem} />
    </div>
  );
}

function Costs(props: {
  desk: SettingsDesk;
  holds: string;
  problem: string;
  problemAt: (field: string) => string;
  trans: TranslationBundle;
}): ReactElement {
  const { desk, holds, problem, problemAt, trans } = props;
  const { costs, priced } = desk.draft;
  return (
    <fieldset className="jp-tutor-costs">
      <legend>{fieldWord('costs', trans)}</legend>
      <label className="jp-tutor-choice">
        <input
          type="checkbox"
          checked={priced}
          onChange={event => {
            desk.change({ priced: event.target.checked });
          }}
        />
        <span>{trans.__('Say prices here (else: %1)', holds)}</span>
      </label>
      {priced ? (
        <div className="jp-tutor-prices">
          {RUNGS.map(rung => (
            <Figure
              key={rung}
              label={costWord(rung, trans)}
              value={costs[rung]}
              problem={problemAt(`costs.${rung}`)}
              change={value => {
                desk.change({ costs: { ...costs, [rung]: value } });
              }}
            />
          ))}
        </div>
      ) : null}
      {priced ? (
        <p className="jp-tutor-quiet">
          {trans.__('Points, from 0 to 1000. A rung that is left empty is free.')}
        </p>
      ) : null}
      {problem ? (
        <p className="jp-tutor-wrong" role="alert">
          {problem}
        </p>
      ) : null}
    </fieldset>
  );
}

function Buttons(props: {
  desk: SettingsDesk;
  /** What was refused and belongs to no field. */
  problem: string;
  trans: TranslationBundle;
}): ReactElement {
  const { desk, problem, trans } = props;
  const { state } = desk.outcome;
  return (
    <div className="jp-tutor-actions">
      <div className="jp-tutor-buttons">
        <Action
          className="jp-mod-accept"
          disabled={state === 'saving' || !desk.dirty}
          onClick={() => void desk.save()}
        >
          {trans.__('Save')}
        </Action>
        <Action
          disabled={!desk.dirty}
          onClick={() => {
            desk.revert();
          }}
        >
          {trans.__('Undo changes')}
        </Action>
        <Action
          onClick={() => {
            desk.clear();
          }}
        >
          {trans.__('Say nothing here')}
        </Action>
      </div>
      <span role="status">
        {state === 'saving' ? trans.__('Saving…') : ''}
        {state === 'saved' && !desk.dirty ? trans.__('Saved.') : ''}
        {state === '' && desk.dirty ? trans.__('Not saved yet.') : ''}
        {state === 'failed'
          ? problem
            ? trans.__('Not saved: %1', problem)
            : trans.__('Not saved: see the field above.')
          : ''}
      </span>
    </div>
  );
}
