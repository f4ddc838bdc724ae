import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it, vi } from 'vitest';

import { newKey, TutorClient, TutorError } from '../../src/api/client';
import { exercise } from '../samples';

interface ISent {
  url: URL;
  request: Request;
  body: string;
}

/** A client on a server that gives one answer, and what it was asked. */
function on(answer: () => Response | Promise<Response>, language = '') {
  const sent: ISent[] = [];
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://hub.example/user/ann/',
    token: 'secret',
    appendToken: false,
    // Without this JupyterLab adds the time to each address.
    init: { cache: 'default' },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push({ url: new URL(request.url), request, body: await request.clone().text() });
      return answer();
    }
  });
  return { client: new TutorClient(settings, () => language), sent };
}

const ANSWER = { revision: null, cells: [{ id: 'answer', source: 'x = 1' }], responses: {} };

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

async function errorOf(promise: Promise<unknown>): Promise<TutorError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(TutorError);
  return error as TutorError;
}

describe('requests', () => {
  it('go below the base URL, with the token, and with slugs escaped', async () => {
    const { client, sent } = on(() => json(exercise()));
    await client.exercise('python', 'a/b?c');
    expect(sent[0]?.url.href).toBe(
      'http://hub.example/user/ann/jupyter-tutor/api/courses/python/exercises/a%2Fb%3Fc'
    );
    expect(sent[0]?.request.headers.get('Authorization')).toBe('token secret');
    expect(sent[0]?.request.method).toBe('GET');
  });

  it('that read say the language, and how long to wait', async () => {
    const { client, sent } = on(() => json({}), 'bn');
    await client.awaitCheck('17', null);
    expect(Object.fromEntries(sent[0]?.url.searchParams ?? [])).toEqual({
      wait: '25',
      language: 'bn'
    });
  });

  it('wait less long for one in a queue, to tell its place anew', async () => {
    const { client, sent } = on(() => json({}));
    await client.awaitCheck('17', 3);
    await client.awaitSubmission('18', 2);
    await client.awaitSubmission('18', 0);
    expect(sent.map(({ url }) => url.searchParams.get('wait'))).toEqual(['3', '3', '25']);
  });

  it('say no language where none was chosen', async () => {
    const { client, sent } = on(() => json({}));
    await client.course('python');
    expect(sent[0]?.url.search).toBe('');
  });

  it('that write carry their key and their body, and no query', async () => {
    const { client, sent } = on(() => json({}), 'bn');
    await client.check('python', 'sum-up', ANSWER, 'key-12345');
    await client.hint('python', 'sum-up', 0.5, 'key-67890');
    expect(sent.map(({ request }) => request.method)).toEqual(['POST', 'POST']);
    expect(sent.map(({ request }) => request.headers.get('Idempotency-Key'))).toEqual([
      'key-12345',
      'key-67890'
    ]);
    expect(sent.map(({ url }) => url.search)).toEqual(['', '']);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(ANSWER);
    expect(JSON.parse(sent[1]?.body ?? '')).toEqual({ language: 'bn', accept_cost: 0.5 });
  });

  it('that change what was said replace it', async () => {
    const { client, sent } = on(() => json({}));
    await client.rate('h/1', 'wrong', 'It is not.', 'key-12345');
    await client.explain('h2', 'Because.', 'key-23456');
    await client.saveConsent('python', true, 3, 'key-34567');
    expect(sent.map(({ request }) => request.method)).toEqual(['PUT', 'PUT', 'PUT']);
    expect(sent.map(({ url }) => url.pathname.split('/api/')[1])).toEqual([
      'hints/h%2F1/feedback',
      'hints/h2/explanation',
      'courses/python/consent'
    ]);
    expect(sent.map(({ body }): unknown => JSON.parse(body))).toEqual([
      { mark: 'wrong', text: 'It is not.' },
      { text: 'Because.' },
      { given: true, version: 3 }
    ]);
  });

  it('for a hint end when they are taken back', async () => {
    const { client, sent } = on(
      () =>
        new Promise((_done, refuse) => {
          sent[0]?.request.signal.addEventListener('abort', () => {
            refuse(new TypeError('The user aborted a request.'));
          });
        })
    );
    const asking = new AbortController();
    const asked = client.hint('python', 'sum-up', 0, 'key-67890', asking.signal);
    await vi.waitFor(() => {
      expect(sent).toHaveLength(1);
    });
    asking.abort();
    expect((await errorOf(asked)).code).toBe('network');
    expect(sent[0]?.request.signal.aborted).toBe(true);
  });

  it('have keys that the server takes, each another one', () => {
    const keys = new Set(Array.from({ length: 50 }, newKey));
    expect(keys.size).toBe(50);
    for (const key of keys) {
      expect(key.length).toBeGreaterThanOrEqual(8);
      expect(key.length).toBeLessThanOrEqual(128);
    }
  });
});

describe('refusals', () => {
  it('keep the code, the message and the details', async () => {
    const body = {
      code: 'revision_changed',
      message: 'Update.',
      details: { a: 1 },
      request_id: '1'
    };
    const { client } = on(() => json(body, 409));
    const error = await errorOf(client.course('python'));
    expect([error.code, error.message, error.status, error.details, error.retriable]).toEqual([
      'revision_changed',
      'Update.',
      409,
      { a: 1 },
      false
    ]);
  });

  it.each([
    [502, true],
    [503, true],
    [504, true],
    [500, false],
    [429, false],
    [404, false]
  ])('with status %i and no readable body are retriable: %s', async (status, retriable) => {
    const { client } = on(() => new Response('<html>', { status }));
    const error = await errorOf(client.courses());
    expect([error.code, error.status, error.retriable]).toEqual([
      `http_${status}`,
      status,
      retriable
    ]);
  });

  it('are told from a server that cannot be reached', async () => {
    const { client } = on(() => Promise.reject(new TypeError('Failed to fetch')));
    const error = await errorOf(client.courses());
    expect([error.code, error.retriable]).toEqual(['network', true]);
  });

  it.each(['<html>Sign in</html>', 'null', '"text"'])(
    'are also made of an answer that is none: %s',
    async text => {
      const { client } = on(() => new Response(text, { status: 200 }));
      expect((await errorOf(client.courses())).code).toBe('not_the_tutor');
    }
  );

  it('leave other mistakes what they are', async () => {
    vi.spyOn(ServerConnection, 'makeRequest').mockRejectedValue(new RangeError('a bug'));
    await expect(new TutorClient().courses()).rejects.toThrow(RangeError);
  });
});

describe('what is stored of the caller', () => {
  it('comes as an archive with the name that the server gives it', async () => {
    const headers = { 'Content-Disposition': 'attachment; filename="mine-2026-11-22.zip"' };
    const { client, sent } = on(() => new Response('PK', { headers }), 'bn');
    const { name, archive } = await client.myExport();
    expect([name, archive.size]).toEqual(['mine-2026-11-22.zip', 2]);
    expect(sent[0]?.url.pathname).toBe('/user/ann/jupyter-tutor/api/me/export');
    expect(sent[0]?.url.searchParams.get('language')).toBe('bn');
    const nameless = on(() => new Response('PK'));
    expect((await nameless.client.myExport()).name).toBe('jupyter-tutor-export.zip');
  });

  it('is refused in the words of the server', async () => {
    const { client } = on(() => json({ code: 'limit_reached', message: 'One is made.' }, 429));
    const error = await errorOf(client.myExport());
    expect([error.code, error.message, error.status]).toEqual([
      'limit_reached',
      'One is made.',
      429
    ]);
  });

  it('is deleted for a name, and nothing is asked from then on', async () => {
    const { client, sent } = on(() => json({ kinds: [] }));
    await client.eraseMe('Ann');
    expect([sent[0]?.request.method, sent[0]?.url.pathname, sent[0]?.body]).toEqual([
      'DELETE',
      '/user/ann/jupyter-tutor/api/me',
      '{"confirm":"Ann"}'
    ]);
    for (const asked of [client.courses(), client.myExport(), client.myData()]) {
      const error = await errorOf(asked);
      expect([error.code, error.retriable]).toEqual(['erased', false]);
    }
    expect(sent).toHaveLength(1);
  });

  it('goes on being asked for when it was not deleted', async () => {
    const answers = [json({ code: 'not_confirmed', message: 'Type it.' }, 422), json({})];
    const { client, sent } = on(() => answers.shift() ?? json({}));
    await errorOf(client.eraseMe('Bob'));
    await client.myData();
    expect(sent).toHaveLength(2);
  });
});
