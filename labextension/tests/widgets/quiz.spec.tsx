import type { ReactElement } from 'react';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';

import type { Question, Responses } from '../../src/api/types';
import { Quiz } from '../../src/widgets/quiz';
import { click, field, one, rendermime, show, trans, type } from '../render';
import { question } from '../samples';

async function quiz(questions: Question[], begin: Responses = {}, disabled = false) {
  const onChange = vi.fn<(responses: Responses) => void>();
  function Held(): ReactElement {
    const [responses, setResponses] = useState(begin);
    return (
      <Quiz
        name="n"
        questions={questions}
        responses={responses}
        disabled={disabled}
        rendermime={rendermime}
        trans={trans}
        onChange={next => {
          onChange(next);
          setResponses(next);
        }}
      />
    );
  }
  const { host } = await show(<Held />);
  return { host, onChange, inputs: [...host.querySelectorAll('input')] };
}

const number = question({ id: 'n', type: 'number', choices: [], text: 'How many?' });

describe('a quiz', () => {
  it('names each control: the group by its question, a choice by its text', async () => {
    const { host } = await quiz([question()]);
    const group = one(host, 'fieldset');
    const label = document.getElementById(group.getAttribute('aria-labelledby') ?? '');
    expect(label?.textContent).toBe('Which is a list?');
    expect([...host.querySelectorAll('label')].map(each => each.textContent)).toEqual([
      '[1]',
      '(1,)'
    ]);
  });

  it('takes one choice', async () => {
    const { inputs, onChange } = await quiz([question()]);
    await click(inputs[0] as HTMLElement);
    await click(inputs[1] as HTMLElement);
    expect(onChange.mock.calls).toEqual([[{ q1: 'a' }], [{ q1: 'b' }]]);
    expect(inputs.map(each => each.checked)).toEqual([false, true]);
  });

  it('takes several choices, in the order of the question, and none again', async () => {
    const { inputs, onChange } = await quiz([question({ type: 'multiple' })]);
    await click(inputs[1] as HTMLElement);
    await click(inputs[0] as HTMLElement);
    expect(onChange).toHaveBeenLastCalledWith({ q1: ['a', 'b'] });
    await click(inputs[0] as HTMLElement);
    await click(inputs[1] as HTMLElement);
    expect(onChange).toHaveBeenLastCalledWith({});
  });

  it('keeps other responses', async () => {
    const { inputs, onChange } = await quiz([question(), number], { n: '3' });
    await click(inputs[0] as HTMLElement);
    expect(onChange).toHaveBeenLastCalledWith({ n: '3', q1: 'a' });
  });

  it('takes what is typed, letter by letter', async () => {
    const { host, onChange } = await quiz([question({ id: 't', type: 'text', choices: [] })]);
    const input = field(host);
    await type(input, 'h');
    await type(input, 'he');
    expect(input.value).toBe('he');
    await type(input, '');
    expect(onChange.mock.calls).toEqual([[{ t: 'h' }], [{ t: 'he' }], [{}]]);
  });

  it('says at the field what is no number', async () => {
    const { host } = await quiz([number], { n: 'three' });
    const input = field(host);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const note = document.getElementById(input.getAttribute('aria-describedby') ?? '');
    expect(note?.textContent).toContain('not a number yet');
    await type(input, '3');
    expect(input.getAttribute('aria-invalid')).toBe('false');
    expect(input.getAttribute('aria-describedby')).toBeNull();
  });

  it('does not change while it is handed in', async () => {
    const { host } = await quiz([question()], {}, true);
    expect(one(host, 'fieldset').hasAttribute('disabled')).toBe(true);
  });
});
