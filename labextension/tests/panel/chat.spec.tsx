import { act } from 'react';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import type { Message, Said } from '../../src/api/types';
import { Chats } from '../../src/model/chats';
import { Consents } from '../../src/model/consents';
import { TutorSessions } from '../../src/model/sessions';
import { Chat } from '../../src/panel/chat';
import { UNSEEN } from '../../src/widgets/asking';
import { away, fakeClient } from '../fakes';
import { button, click, one, rendermime, show, trans, write } from '../render';
import { consent, conversations, exercise, message } from '../samples';

type Standing = Parameters<typeof conversations>[1];

const QUESTION = 'Why does <b>it</b> fail?';
const asked = (change: Partial<Message> = {}): Message =>
  message({ id: 'question-1', speaker: 'learner', source: null, text: QUESTION, ...change });
const said = (reply = message(), note = ''): Said => ({
  question: asked(),
  reply,
  source: reply.source ?? 'rules',
  note
});

/** The chat about one exercise, open, as it is once the server has answered. */
async function chat(before: Message[] = [], standing: Standing = {}, open = true) {
  const { fake, client } = fakeClient();
  fake.exercise.mockResolvedValue(exercise({ title: 'Sum up' }));
  fake.conversation.mockResolvedValue(conversations(before, standing));
  fake.consent.mockResolvedValue(consent({ must_ask: standing.closed === 'not_asked' }));
  fake.say.mockResolvedValue(said());
  const sessions = new TutorSessions(client);
  const chats = new Chats(client, sessions, new Consents(client));
  const confirm = vi.fn<(question: string) => Promise<boolean>>().mockResolvedValue(true);
  const { host } = await show(<Chat host={{ chats, rendermime, confirm }} trans={trans} />);
  await act(async () => {
    chats.follow(sessions.get('python', 'sum-up'));
    chats.show(open);
    await Promise.resolve();
  });
  return { fake, chats, confirm, host };
}

const field = (host: ParentNode): HTMLElement => one(host, 'textarea');
const status = (host: ParentNode): string | null => one(host, '[role=status]').textContent;
const told = (host: ParentNode): (string | null)[] =>
  [...host.querySelectorAll('.jp-tutor-turn-text')].map(({ textContent }) => textContent);

function press(target: HTMLElement, init: KeyboardEventInit): Promise<boolean> {
  return act(async () => {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
    const done = target.dispatchEvent(event);
    await Promise.resolve();
    return done;
  });
}

describe('the chat', () => {
  it('takes one line and asks the server for nothing before it is opened', async () => {
    const { host, fake } = await chat([], {}, false);
    expect(host.textContent).toBe('Chat');
    expect(fake.conversation).not.toHaveBeenCalled();
    const toggle = button(host, 'Chat');
    expect(toggle.getAttribute('aria-expanded')).toBe('false');
    await click(toggle);
    expect(toggle.getAttribute('aria-expanded')).toBe('true');
    expect(one(host, '.jp-tutor-chat-title').textContent).toBe('Sum up');
    await click(toggle);
    expect(host.textContent).toBe('Chat');
  });

  it('says what it is about, who reads it, and that AI may be wrong', async () => {
    const { host, chats } = await chat();
    expect(host.textContent).toContain('The tutor helps you to find the solution');
    expect(host.textContent).toContain('AI may be wrong');
    expect(host.textContent).toContain('It is yours alone.');
    act(() => {
      chats.follow(null);
    });
    expect(host.textContent).toContain('go to an exercise');
  });

  it('shows what was said, by whom, and who made each answer', async () => {
    const { host } = await chat([
      asked(),
      message(),
      asked({ id: 'question-2' }),
      message({ id: 'message-2', source: 'rules', text: 'Not now.' })
    ]);
    expect(told(host)).toEqual([QUESTION, message().text, QUESTION, 'Not now.']);
    const heads = [...host.querySelectorAll('.jp-tutor-turn-head')].map(each => each.textContent);
    expect(heads[0]).toBe('You');
    expect(heads[1]).toContain('Tutor AI');
    expect(heads[1]).toContain('it may be wrong');
    expect(heads[3]).toContain('Tutor Rules');
    // What the learner typed is text: no tag of it becomes an element.
    expect(host.querySelector('.jp-tutor-turn-text b')).toBeNull();
    const log = one(host, '.jp-tutor-log');
    expect([log.tabIndex, log.getAttribute('aria-label')]).toEqual([
      0,
      'Conversation about “Sum up”'
    ]);
  });

  it('sends with Enter and begins a line with Shift Enter', async () => {
    const { host, fake } = await chat();
    await write(field(host), QUESTION);
    expect(await press(field(host), { key: 'Enter', shiftKey: true })).toBe(true);
    expect(await press(field(host), { key: 'Enter', isComposing: true })).toBe(true);
    expect(fake.say).not.toHaveBeenCalled();
    expect(await press(field(host), { key: 'Enter' })).toBe(false);
    expect(fake.say.mock.calls[0]?.[2]).toBe(QUESTION);
    expect(told(host)).toEqual([QUESTION, message().text]);
    expect(status(host)).toBe(`The tutor answered: ${message().text}`);
    expect((field(host) as HTMLTextAreaElement).value).toBe('');
  });

  it('keeps the shortcuts of the application from what is typed, and lets those with Ctrl through', async () => {
    const { host } = await chat();
    const heard = vi.fn<(event: KeyboardEvent) => void>();
    const listen = (event: KeyboardEvent): void => {
      heard(event);
      event.preventDefault();
    };
    document.body.addEventListener('keydown', listen);
    onTestFinished(() => {
      document.body.removeEventListener('keydown', listen);
    });
    expect(field(host).dataset.lmSuppressShortcuts).toBe('true');
    expect(await press(field(host), { key: 's', ctrlKey: true })).toBe(false);
    expect(heard.mock.calls.map(([event]) => event.target)).not.toContain(field(host));
    expect(heard).toHaveBeenCalledTimes(1);
    const altGr = { key: '@', ctrlKey: true, altKey: true, modifierAltGraph: true };
    await press(field(host), altGr);
    expect(heard.mock.calls.at(-1)?.[0].target).toBe(field(host));
  });

  it('lets a question be taken back, with a button or with Escape', async () => {
    for (const cancel of ['button', 'Escape']) {
      vi.useFakeTimers({ shouldAdvanceTime: true });
      const { host, fake } = await chat();
      fake.say.mockImplementation(
        (...[, , , , signal]) =>
          new Promise((_done, fail) => {
            signal?.addEventListener('abort', () => {
              fail(away());
            });
          })
      );
      await write(field(host), QUESTION);
      await click(button(host, 'Send'));
      expect(told(host)).toEqual([QUESTION]);
      expect(button(host, 'Send').getAttribute('aria-disabled')).toBe('true');
      await act(() => vi.advanceTimersByTimeAsync(UNSEEN + 10));
      expect(status(host)).toBe('The tutor is thinking…');
      if (cancel === 'button') {
        await click(button(host, 'Cancel'));
        // The button is gone; who pressed it goes on in the field.
        expect(document.activeElement).toBe(field(host));
      } else {
        await press(field(host), { key: 'Escape' });
      }
      expect(fake.say.mock.calls[0]?.[4]?.aborted).toBe(true);
      expect((field(host) as HTMLTextAreaElement).value).toBe(QUESTION);
      expect(told(host)).toEqual([]);
      vi.useRealTimers();
    }
  });

  it.each(['exam', 'switched_off', 'no_model', 'cloud', 'refused', 'quota'] as const)(
    'says why nobody answers, in place of the field (%s)',
    async closed => {
      const { host } = await chat([asked(), message()], { closed, message: 'This is why.' });
      expect(host.textContent).toContain('This is why.');
      expect(host.querySelector('textarea')).toBeNull();
      // What was said before stays to be read, and to be deleted.
      expect(told(host)).toEqual([QUESTION, message().text]);
      expect(button(host, 'Delete this one').getAttribute('aria-disabled')).toBe('false');
    }
  );

  it('asks for consent in place of the first question, and lets it be taken back', async () => {
    const { host, fake } = await chat([], { closed: 'not_asked', message: 'Say first.' });
    expect(host.querySelector('textarea')).toBeNull();
    expect(host.textContent).toContain('api.example.com');
    fake.saveConsent.mockImplementation((_course, given) =>
      Promise.resolve(consent({ given, must_ask: false, chat: true }))
    );
    fake.conversation.mockResolvedValue(conversations());
    await click(button(host, 'I agree'));
    expect(field(host)).toBeTruthy();
    const refused = { closed: 'refused', message: 'You said no.' } as const;
    fake.conversation.mockResolvedValue(conversations([], refused));
    await click(button(host, 'Turn off'));
    expect(fake.saveConsent.mock.calls.map(call => call[1])).toEqual([true, false]);
    expect(host.textContent).toContain('You said no.');
    expect(button(host, 'Turn on…')).toBeTruthy();
  });

  it('offers to ask again where rules answered', async () => {
    const { host, fake } = await chat([asked(), message({ source: 'rules' })]);
    fake.say.mockResolvedValue(said(message({ id: 'message-3' })));
    await click(button(host, 'Ask again'));
    expect(fake.say.mock.calls[0]?.[2]).toBe(QUESTION);
    expect([...host.querySelectorAll('button')].map(each => each.textContent)).not.toContain(
      'Ask again'
    );
  });

  it('tells once what is told beside an answer', async () => {
    const { host, fake } = await chat([], { message: 'Little is left.' });
    fake.say.mockResolvedValue(said(message(), 'Little is left.'));
    await write(field(host), QUESTION);
    await click(button(host, 'Send'));
    expect(host.textContent.match(/Little is left/g)).toHaveLength(1);
  });

  it('says why it cannot be read, and reads it when told to', async () => {
    const { fake, client } = fakeClient();
    fake.conversation.mockRejectedValueOnce(away());
    const sessions = new TutorSessions(client);
    const chats = new Chats(client, sessions, new Consents(client));
    const host = { chats, rendermime, confirm: vi.fn() };
    const { host: node } = await show(<Chat host={host} trans={trans} />);
    await act(async () => {
      chats.follow(sessions.get('python', 'sum-up'));
      chats.show(true);
      await Promise.resolve();
    });
    expect(status(node)).toBe('The tutor cannot be reached.');
    await click(button(node, 'Try again'));
    expect(field(node)).toBeTruthy();
  });

  it('deletes this conversation or all of them, once that was confirmed', async () => {
    const { host, fake, confirm } = await chat([asked(), message()]);
    confirm.mockResolvedValueOnce(false);
    await click(button(host, 'Delete this one'));
    expect(fake.deleteConversation).not.toHaveBeenCalled();
    expect(confirm.mock.calls[0]?.[0]).toContain('“Sum up”');
    await click(button(host, 'Delete all of this course'));
    expect(confirm.mock.calls[1]?.[0]).toContain('all exercises');
    expect(fake.deleteConversations.mock.calls).toEqual([['python']]);
    expect(told(host)).toEqual([]);
    expect(button(host, 'Delete this one').getAttribute('aria-disabled')).toBe('true');
  });

  it('gives the field the focus when somebody wants to type', async () => {
    const { host, chats } = await chat([], {}, false);
    await act(async () => {
      chats.begin();
      await Promise.resolve();
    });
    expect(document.activeElement).toBe(field(host));
  });
});
