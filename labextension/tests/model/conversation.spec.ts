import { describe, expect, it, vi } from 'vitest';

import type { Message, Said } from '../../src/api/types';
import { Conversation } from '../../src/model/conversation';
import type { IChatState } from '../../src/model/conversation';
import { away, fakeClient, fakeKeep, refused } from '../fakes';
import { conversations, message } from '../samples';

const QUESTION = 'Why does it fail?';
const asked = (change: Partial<Message> = {}): Message =>
  message({ id: 'question-1', speaker: 'learner', source: null, text: QUESTION, ...change });
const said = (change: Partial<Said> = {}): Said => ({
  question: asked(),
  reply: message(),
  source: 'model',
  note: '',
  ...change
});

async function begin(before: Message[] = [], pause = () => Promise.resolve()) {
  const { fake, client } = fakeClient();
  fake.conversation.mockResolvedValue(conversations(before));
  fake.say.mockResolvedValue(said());
  const conversation = new Conversation('python', 'sum-up', client, pause);
  await conversation.load();
  return { fake, conversation };
}

/** Answers when the test says so, or as the browser does when the request is taken back. */
function held() {
  let answer: (said: Said) => void = () => undefined;
  const hold = (...[, , , , signal]: Parameters<ReturnType<typeof fakeClient>['fake']['say']>) =>
    new Promise<Said>((done, fail) => {
      answer = done;
      signal?.addEventListener('abort', () => {
        fail(away());
      });
    });
  return {
    hold,
    answer: (value: Said) => {
      answer(value);
    }
  };
}

const texts = ({ messages }: IChatState): string[] => messages.map(({ text }) => text);

describe('a conversation', () => {
  it('is read with who can read it and whether somebody answers', async () => {
    const { conversation, fake } = await begin([asked(), message()]);
    expect(fake.conversation.mock.calls).toEqual([['python', 'sum-up']]);
    expect(texts(conversation.state)).toEqual([QUESTION, message().text]);
    expect(conversation.state).toMatchObject({ told: 'It is yours alone.', activity: null });
    expect(conversation.state.chat?.closed).toBeNull();
  });

  it('says why it cannot be read, and reads it when it is asked to again', async () => {
    const { fake, client } = fakeClient();
    fake.conversation.mockRejectedValueOnce(away());
    const conversation = new Conversation('python', 'sum-up', client);
    await conversation.load();
    expect(conversation.state.problem).toMatchObject({ code: 'network', waiting: false });
    await conversation.load();
    expect(conversation.state).toMatchObject({ problem: null, told: 'It is yours alone.' });
  });

  it('shows a question at once, and the answer when it comes', async () => {
    const { conversation, fake } = await begin();
    const { hold, answer } = held();
    fake.say.mockImplementation(hold);
    conversation.write(`  ${QUESTION}\n`);
    const asking = conversation.ask();
    expect(conversation.state).toMatchObject({ activity: 'asking', pending: QUESTION, draft: '' });
    conversation.write('And then?');
    await conversation.ask();
    expect(fake.say).toHaveBeenCalledTimes(1);
    answer(said());
    await asking;
    expect(texts(conversation.state)).toEqual([QUESTION, message().text]);
    expect(conversation.state).toMatchObject({
      activity: null,
      pending: '',
      draft: 'And then?',
      reply: message()
    });
    expect(fake.say.mock.calls[0]?.slice(0, 3)).toEqual(['python', 'sum-up', QUESTION]);
  });

  it('asks nothing where nothing is typed', async () => {
    const { conversation, fake } = await begin();
    conversation.write(' \n ');
    await conversation.ask();
    expect(fake.say).not.toHaveBeenCalled();
  });

  it('gives a refused question back, and reads why nobody answers', async () => {
    const { conversation, fake } = await begin();
    fake.say.mockRejectedValue(refused('not_allowed', 'Say first whether it may.'));
    const why = { closed: 'not_asked', message: 'Say first whether it may.' } as const;
    fake.conversation.mockResolvedValue(conversations([], why));
    conversation.write(QUESTION);
    await conversation.ask();
    expect(conversation.state).toMatchObject({ draft: QUESTION, pending: '', chat: why });
    // Where it would be typed it is told why not, and needs to be told once.
    expect(conversation.state.problem).toBeNull();
    expect(texts(conversation.state)).toEqual([]);
  });

  it('keeps what was typed meanwhile behind a question that it gives back', async () => {
    const { conversation, fake } = await begin();
    const { hold } = held();
    fake.say.mockImplementation(hold);
    conversation.write(QUESTION);
    const asking = conversation.ask();
    conversation.write('And then?');
    conversation.cancel();
    await asking;
    expect(conversation.state.draft).toBe(`${QUESTION}\n\nAnd then?`);
    expect(conversation.state.problem).toBeNull();
  });

  it('asks again with the same key while the tutor is away, and says so', async () => {
    const problems: unknown[] = [];
    const { conversation, fake } = await begin([], () => {
      problems.push(conversation.state.problem);
      return Promise.resolve();
    });
    fake.say.mockRejectedValueOnce(away()).mockRejectedValueOnce(away());
    conversation.write(QUESTION);
    await conversation.ask();
    const keys = fake.say.mock.calls.map(call => call[3]);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(3);
    expect(problems).toMatchObject([{ waiting: true }, { waiting: true }]);
    expect(conversation.state).toMatchObject({ problem: null, draft: '' });
  });

  it('ends the request when the question is taken back, and the question is a draft again', async () => {
    const { conversation, fake } = await begin();
    fake.say.mockImplementation(held().hold);
    conversation.write(QUESTION);
    const asking = conversation.ask();
    conversation.cancel();
    await asking;
    expect(fake.say.mock.calls[0]?.[4]?.aborted).toBe(true);
    expect(conversation.state).toMatchObject({ draft: QUESTION, pending: '', problem: null });
  });

  it('takes an answer over that was quicker than who cancelled', async () => {
    const { conversation, fake } = await begin();
    fake.say.mockImplementation(held().hold);
    conversation.write(QUESTION);
    const asking = conversation.ask();
    fake.conversation.mockResolvedValue(conversations([asked(), message()]));
    conversation.cancel();
    await asking;
    expect(conversation.state.draft).toBe('');
    expect(texts(conversation.state)).toEqual([QUESTION, message().text]);
  });

  it('reads what changed while it was asked, and takes nothing over that is older', async () => {
    const { conversation, fake } = await begin();
    const { hold, answer } = held();
    fake.say.mockImplementation(hold);
    conversation.write(QUESTION);
    const asking = conversation.ask();
    await conversation.load();
    expect(fake.conversation).toHaveBeenCalledTimes(1);
    const why = { closed: 'refused', message: 'You said no.' } as const;
    fake.conversation.mockResolvedValue(conversations([asked(), message()], why));
    answer(said());
    await asking;
    expect(conversation.state.chat).toEqual(why);

    const late: (() => void)[] = [];
    fake.conversation.mockImplementationOnce(
      () =>
        new Promise(done => {
          late.push(() => {
            done(conversations());
          });
        })
    );
    const first = conversation.load();
    await conversation.load();
    late.forEach(done => {
      done();
    });
    await first;
    expect(conversation.state.chat).toEqual(why);
    expect(conversation.state.messages).toHaveLength(2);
  });

  it('reads why rules answered, and keeps what was told beside it', async () => {
    const { conversation, fake } = await begin();
    const reply = message({ source: 'rules', text: 'I cannot answer that now.' });
    fake.say.mockResolvedValue(said({ reply, source: 'rules', note: 'It is used up.' }));
    const spent = { closed: 'quota', message: 'It is used up.' } as const;
    fake.conversation.mockResolvedValue(conversations([asked(), reply], spent));
    conversation.write(QUESTION);
    await conversation.ask();
    expect(conversation.state).toMatchObject({ note: 'It is used up.', chat: spent, draft: '' });
  });

  it('asks the latest question anew, and leaves what is typed alone', async () => {
    const { conversation, fake } = await begin([asked(), message({ source: 'rules' })]);
    conversation.write('Something else');
    await conversation.askAgain();
    expect(fake.say.mock.calls[0]?.[2]).toBe(QUESTION);
    expect(conversation.state.draft).toBe('Something else');
  });

  it('is empty once it is deleted, and stays when it cannot be', async () => {
    const { conversation, fake } = await begin([asked(), message()]);
    fake.deleteConversation.mockRejectedValueOnce(refused('internal', 'It did not work.'));
    await conversation.delete();
    expect(conversation.state.problem?.message).toBe('It did not work.');
    expect(conversation.state.messages).toHaveLength(2);
    await conversation.delete();
    expect(fake.deleteConversation).toHaveBeenLastCalledWith('python', 'sum-up');
    expect(conversation.state).toMatchObject({ messages: [], problem: null, activity: null });
  });

  it('throws what is no refusal', async () => {
    const { conversation, fake } = await begin();
    fake.say.mockRejectedValue(new TypeError('a mistake'));
    conversation.write(QUESTION);
    await expect(conversation.ask()).rejects.toThrow('a mistake');
  });

  it('ends its request with the page', async () => {
    const { conversation, fake } = await begin();
    fake.say.mockImplementation(held().hold);
    const told = vi.fn();
    conversation.write(QUESTION);
    const asking = conversation.ask();
    conversation.changed.connect(told);
    conversation.dispose();
    await asking;
    expect(fake.say.mock.calls[0]?.[4]?.aborted).toBe(true);
    expect(told).not.toHaveBeenCalled();
  });
});

describe('a conversation after a reload of the page', () => {
  /** Returns what loads a page with the conversation, time and again. */
  function pages(pause = () => Promise.resolve()) {
    const kept = fakeKeep().keep('chat');
    return (before: Message[] = [], chat?: Parameters<typeof conversations>[1]) => {
      const { fake, client } = fakeClient();
      fake.conversation.mockResolvedValue(conversations(before, chat));
      fake.say.mockResolvedValue(said());
      return { fake, conversation: new Conversation('python', 'sum-up', client, pause, kept) };
    };
  }

  /** Leaves a page in the middle of a question. */
  async function leave({ fake, conversation }: ReturnType<ReturnType<typeof pages>>) {
    fake.say.mockImplementation(() => new Promise(() => undefined));
    await conversation.load();
    conversation.write(QUESTION);
    void conversation.ask();
    return fake.say.mock.calls[0]?.[3];
  }

  it('has what was typed, and nothing any more that was sent', async () => {
    const load = pages();
    load().conversation.write('Why?');
    const { conversation } = load();
    expect(conversation.state.draft).toBe('Why?');
    await conversation.load();
    await conversation.ask();
    expect(load().conversation.state.draft).toBe('');
  });

  it('asks on what was under way, with the same key', async () => {
    const load = pages();
    const key = await leave(load());
    const { fake, conversation } = load();
    const seen: string[] = [];
    conversation.changed.connect(({ state }) => seen.push(state.pending));
    await conversation.load();
    expect(fake.say.mock.calls.map(call => call.slice(2, 4))).toEqual([[QUESTION, key]]);
    expect(seen).toContain(QUESTION);
    expect(texts(conversation.state)).toEqual([QUESTION, message().text]);
    expect(conversation.state).toMatchObject({ pending: '', draft: '', activity: null });
    const next = load([asked(), message()]);
    await next.conversation.load();
    expect(next.fake.say).not.toHaveBeenCalled();
  });

  it('does not ask what was answered meanwhile, nor takes an older question for it', async () => {
    const load = pages();
    await leave(load([asked({ id: 'old' }), message({ id: 'older' })]));
    const { fake, conversation } = load([
      asked({ id: 'old' }),
      message({ id: 'older' }),
      asked(),
      message()
    ]);
    await conversation.load();
    expect(fake.say).not.toHaveBeenCalled();
    expect(conversation.state).toMatchObject({ draft: '', pending: '' });

    const again = pages();
    await leave(again([asked({ id: 'old' }), message({ id: 'older' })]));
    const unanswered = again([asked({ id: 'old' }), message({ id: 'older' })]);
    await unanswered.conversation.load();
    expect(unanswered.fake.say).toHaveBeenCalledTimes(1);
  });

  it('gives back what nobody answers any more, or nobody waits for', async () => {
    const load = pages();
    await leave(load());
    const closed = load([], { closed: 'refused', message: 'You said no.' });
    closed.conversation.write('And then?');
    await closed.conversation.load();
    expect(closed.fake.say).not.toHaveBeenCalled();
    expect(closed.conversation.state.draft).toBe(`${QUESTION}\n\nAnd then?`);

    const later = pages();
    await leave(later());
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
    const { fake, conversation } = later();
    await conversation.load();
    expect(fake.say).not.toHaveBeenCalled();
    expect(conversation.state).toMatchObject({ draft: QUESTION, pending: '' });
  });

  it('does without what it cannot read', async () => {
    const { texts: kept, keep } = fakeKeep();
    for (const text of ['{', '3', 'null', '{"draft": 3, "sent": {"text": "Why?"}}']) {
      kept.set('chat', text);
      const { fake, client } = fakeClient();
      const conversation = new Conversation('python', 'sum-up', client, undefined, keep('chat'));
      await conversation.load();
      expect(conversation.state).toMatchObject({ draft: '', pending: '' });
      expect(fake.say).not.toHaveBeenCalled();
    }
  });
});
