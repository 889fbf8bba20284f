// openai against the server.
import OpenAI, { toFile } from 'openai';
import { assert, expected, key, native, refused, run, server, sound, until, upload, video } from './support.mjs';

const baseURL = `${server}/openai/v1`;
const openai = new OpenAI({ baseURL, apiKey: key });

const isOver = (made) => made.status === 'completed' || made.status === 'failed';
const finish = (id) => until(() => openai.videos.retrieve(id), isOver);

/** A job: the picture is the reference, the sound an extra field, which the client passes on. */
const create = async (behaviour, more) =>
  openai.videos.create({
    prompt: '',
    input_reference: await toFile(video(behaviour), 'face.mp4', { type: 'video/mp4' }),
    audio: await toFile(sound, 'voice.wav', { type: 'audio/wav' }),
    ...more,
  });

await run({
  async create() {
    const made = await create({ segments: 2, ms: 300 }, { model: 'sora-2' });
    assert.equal(made.object, 'video');
    assert.equal(made.model, 'sora-2');
    assert.ok(made.status === 'queued' || made.status === 'in_progress');
    assert.ok(Math.abs(made.created_at - Date.now() / 1000) < 60);
    const progress = [];
    const done = await until(
      async () => {
        const seen = await openai.videos.retrieve(made.id);
        progress.push(seen.progress);
        return seen;
      },
      isOver,
    );
    assert.equal(done.status, 'completed');
    assert.equal(done.progress, 100);
    assert.ok(progress.every((value, index) => value >= 0 && value <= 100 && (index === 0 || value >= progress[index - 1])), progress.join());
    assert.equal(done.seconds, '20');
    assert.equal(done.size, '64x64');
    assert.equal(done.error, null);
    assert.ok(done.completed_at >= done.created_at && done.expires_at > done.completed_at);

    const content = await openai.videos.downloadContent(made.id);
    assert.equal(content.headers.get('content-type'), 'video/mp4');
    assert.equal(Buffer.from(await content.arrayBuffer()).toString(), expected(video({ segments: 2, ms: 300 }), 2));
    await refused(() => openai.videos.downloadContent(made.id, { variant: 'spritesheet' }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.param, 'variant');
    });
  },

  async lists() {
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await create()).id);
    const listed = [];
    for await (const made of openai.videos.list({ limit: 2, order: 'asc' })) listed.push(made.id);
    assert.deepEqual(listed.filter((id) => ids.includes(id)), ids);
    const page = await openai.videos.list({ limit: 1, after: ids[2] });
    assert.equal(page.data[0].id, ids[1]);
    assert.equal(page.hasNextPage(), true);
    await refused(() => openai.videos.list({ limit: 0 }), (error) => assert.equal(error.param, 'limit'));

    await finish(ids[0]);
    assert.deepEqual(await openai.videos.delete(ids[0]), { id: ids[0], object: 'video.deleted', deleted: true });
    await refused(() => openai.videos.retrieve(ids[0]), (error) => assert.ok(error instanceof OpenAI.NotFoundError));
  },

  async named() {
    const [face, voice] = [await upload(video()), await upload(sound, 'a.wav')];
    const made = await openai.videos.create({
      prompt: '',
      model: 'tiny-model',
      input_reference: { file_id: face },
      audio: { file_id: voice },
      options: { seed: 3, face: 'left:1', length: 'video' },
    });
    const { options } = await native('GET', `/v1/jobs/${made.id}`);
    assert.deepEqual(options, { seed: 3, face: 'left:1', length: 'video', model: 'tiny-model' });
    const done = await finish(made.id);
    assert.equal(await (await openai.videos.downloadContent(done.id)).text(), expected(video(), 3));
    const data = await openai.videos.create({
      prompt: '',
      input_reference: { image_url: `data:image/png;base64,${video().toString('base64')}` },
      audio: { file_id: voice },
    });
    assert.equal(await (await openai.videos.downloadContent((await finish(data.id)).id)).text(), expected(video()));
  },

  async streams() {
    // Parts that come without a length.
    async function* pieces() {
      const content = video();
      yield content.subarray(0, 3);
      yield content.subarray(3);
    }
    const made = await create({}, { input_reference: OpenAI.toStreamingFile ? OpenAI.toStreamingFile(pieces(), 'face.mp4') : pieces() });
    assert.equal(await (await openai.videos.downloadContent((await finish(made.id)).id)).text(), expected(video()));
  },

  async refuses() {
    const mistakes = {
      prompt: { prompt: 'a cat that sings' },
      seconds: { seconds: '8' },
      size: { size: '1280x720' },
      no_such: { no_such: 'x' },
      audio: { audio: undefined },
      input_reference: { input_reference: 'upl_1' },
      model: { model: '../etc' },
      'input_reference[file_id]': { input_reference: { file_id: 'upl_unknown' } },
    };
    for (const [field, change] of Object.entries(mistakes)) {
      await refused(
        () => create({}, change),
        (error) => {
          assert.ok(error instanceof OpenAI.BadRequestError, `${field}: ${error}`);
          assert.equal(error.type, 'invalid_request_error');
          if (!field.includes('[')) assert.equal(error.param, field);
          assert.ok(error.message.length > 20);
        },
      );
    }
    await refused(() => create({}, { options: { seed: 'x' } }), (error) => assert.equal(error.code, 'invalid_options'));
    await refused(() => create({}, { options: { out: '/tmp/x' } }), (error) => assert.equal(error.code, 'invalid_options'));
    await refused(() => openai.videos.remix('job_unknown', { prompt: 'x' }), (error) => assert.ok(error instanceof OpenAI.NotFoundError));
    await refused(() => openai.chat.completions.create({ model: 'x', messages: [] }), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.code, 'not_found');
    });
  },

  async fails() {
    const done = await finish((await create({ fault: 4 })).id);
    assert.equal(done.status, 'failed');
    assert.equal(done.error.code, 'invalid_input');
    assert.ok(done.error.message.length > 10);
    assert.equal(done.completed_at, null);
  },

  async cancel() {
    const made = await create({ ms: 20_000 });
    await until(() => openai.videos.retrieve(made.id), (seen) => seen.status === 'in_progress');
    const start = Date.now();
    await refused(() => openai.videos.downloadContent(made.id), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.code, 'not_ready');
    });
    assert.equal((await openai.videos.delete(made.id)).deleted, true);
    await refused(() => openai.videos.retrieve(made.id), (error) => assert.ok(error instanceof OpenAI.NotFoundError));
    assert.ok(Date.now() - start < 15_000);
  },

  async keys() {
    const stranger = new OpenAI({ baseURL, apiKey: 'lsk_0_0', maxRetries: 0 });
    await refused(() => stranger.videos.list(), (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError);
      assert.equal(error.code, 'invalid_api_key');
    });
    // Files of who has no key are not kept.
    await refused(
      async () => stranger.videos.create({ prompt: '', input_reference: await toFile(video(), 'a.mp4') }),
      (error) => assert.ok(error instanceof OpenAI.AuthenticationError),
    );
  },

  async idempotency() {
    const headers = { 'Idempotency-Key': 'openai.1' };
    const again = async (behaviour) =>
      openai.videos.create({ prompt: '', input_reference: await toFile(video(behaviour), 'a.mp4'), audio: await toFile(sound, 'a.wav') }, { headers });
    const first = await again();
    assert.equal((await again()).id, first.id);
    await refused(() => again({ segments: 2 }), (error) => assert.equal(error.code, 'idempotency_key_reused'));
  },
});
