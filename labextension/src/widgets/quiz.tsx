import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Question, Responses } from '../api/types';
import { Markdown } from './markdown';

interface IProps {
  /** Makes the names of the controls unique in the page. */
  name: string;
  questions: readonly Question[];
  responses: Responses;
  disabled: boolean;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
  onChange: (responses: Responses) => void;
}

/** The questions of a quiz as form controls. */
export function Quiz(props: IProps): ReactElement {
  const { name, questions, responses, rendermime, trans } = props;
  const answer = (id: string, response: Responses[string] | null): void => {
    const others = Object.entries(responses).filter(([other]) => other !== id);
    props.onChange(Object.fromEntries(response === null ? others : [...others, [id, response]]));
  };
  return (
    <ol className="jp-tutor-quiz">
      {questions.map(question => {
        const label = `${name}-${question.id}-text`;
        const response = responses[question.id];
        return (
          <li key={question.id}>
            <fieldset disabled={props.disabled} aria-labelledby={label}>
              <div id={label}>
                <Markdown text={question.text} rendermime={rendermime} />
              </div>
              {question.choices.map(choice => (
                <label key={choice.id} className="jp-tutor-choice">
                  <input
                    type={question.type === 'multiple' ? 'checkbox' : 'radio'}
                    name={`${name}-${question.id}`}
                    checked={chosen(response).includes(choice.id)}
                    onChange={event => {
                      answer(
                        question.id,
                        choose(question, response, choice.id, event.target.checked)
                      );
                    }}
                  />
                  <Markdown text={choice.text} rendermime={rendermime} inline />
                </label>
              ))}
              {question.type === 'number' || question.type === 'text' ? (
                <input
                  className="jp-tutor-input"
                  type="text"
                  inputMode={question.type === 'number' ? 'decimal' : 'text'}
                  aria-label={
                    question.type === 'number' ? trans.__('Your number') : trans.__('Your answer')
                  }
                  value={typeof response === 'string' ? response : String(response ?? '')}
                  onChange={event => {
                    answer(question.id, event.target.value === '' ? null : event.target.value);
                  }}
                />
              ) : null}
            </fieldset>
          </li>
        );
      })}
    </ol>
  );
}

function chosen(response: Responses[string] | undefined): readonly string[] {
  return Array.isArray(response) ? response : response === undefined ? [] : [String(response)];
}

function choose(
  question: Question,
  response: Responses[string] | undefined,
  id: string,
  checked: boolean
): Responses[string] | null {
  if (question.type === 'single') {
    return id;
  }
  const others = chosen(response).filter(each => each !== id);
  const picked = checked ? [...others, id].sort() : others;
  return picked.length > 0 ? picked : null;
}
