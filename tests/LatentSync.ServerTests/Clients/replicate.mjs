// replicate against the server.
import Replicate, { parseProgressFromLogs, validateWebhook } from 'replicate';
import { adminKey, assert, expected, key, receiver, refused, run, seed, server, sound, until, upload, video } from './support.mjs';

const baseUrl = `${server}/replicate/v1`;
const replicate = new Replicate({ baseUrl, auth: key });
const model = 'bytedance/latentsync:637ce1919f807ca20da3a448ddc2743535d2853649574cd52a933120e9b9e293';
const pictures = Buffer.from('pictures');

const input = (behaviour, more) => ({ video: pictures, audio: sound, seed: seed(behaviour), ...more });

/** A model's name by its path, where no version is needed. */
const create = (behaviour, more) => replicate.predictions.create({ model: 'bytedance/latentsync', input: input(behaviour), ...more });

await run({
  async run() {
    const seen = [];
    const output = await replicate.run(model, { input: input({ segments: 2, ms: 100 }, { guidance_scale: 2, inference_steps: 10 }) }, (prediction) =>
      seen.push(prediction),
    );
    const file = await fetch(output);
    assert.equal(await file.text(), expected(pictures, 2));
    const last = seen.at(-1);
    assert.equal(last.status, 'succeeded');
    assert.equal(last.model, 'bytedance/latentsync');
    assert.equal(last.version, model.split(':')[1]);
    assert.ok(last.metrics.predict_time >= 0.1 && last.metrics.total_time >= last.metrics.predict_time);
    assert.deepEqual(parseProgressFromLogs(last), { percentage: 1, current: 2, total: 2 });
    assert.ok(last.logs.includes(`Using seed: ${seed({ segments: 2, ms: 100 })}`));
    const job = await (await fetch(`${server}/v1/jobs/${last.id}`, { headers: { authorization: `Bearer ${key}` } })).json();
    assert.deepEqual(job.options, { lips_expression: 2, inference_steps: 10, seed: seed({ segments: 2, ms: 100 }) });
  },

  async output() {
    // The client makes a FileOutput of an https address only, and fetches it without its key.
    const origin = process.env.PUBLIC_URL;
    const asked = [];
    const through = (url, init) => {
      const text = String(url);
      assert.ok(text.startsWith(origin), text);
      asked.push([text, Boolean(init?.headers?.Authorization)]);
      return fetch(text.replace(origin, server), init);
    };
    const proxied = new Replicate({ baseUrl: `${origin}/replicate/v1`, auth: key, fetch: through });
    const output = await proxied.run(model, { input: input() });
    assert.equal(output.url().origin, origin);
    assert.equal(await (await output.blob()).text(), expected(pictures));
    assert.deepEqual(asked.at(-1), [output.toString(), false]);
  },

  async data() {
    // Written here: the client's own fileEncodingStrategy "data-uri" sends the client instead of the input in 1.4.0.
    const uri = (content, type) => `data:${type};base64,${content.toString('base64')}`;
    const small = await create({}, { input: { video: uri(pictures, 'video/mp4'), audio: uri(sound, 'audio/wav'), seed: 1 } });
    assert.ok(!small.input.video.startsWith('data:'));
    assert.equal(await (await fetch((await replicate.wait(small)).output)).text(), expected(pictures));

    const large = Buffer.alloc(9_000_000, 7);
    const more = await create({}, { input: { video: uri(large, 'video/mp4'), audio: uri(sound, 'audio/wav'), seed: 1 } });
    assert.equal(await (await fetch((await replicate.wait(more)).output)).text(), expected(large));

    for (const wrong of ['data:video/mp4,abc', 'data:video/mp4;base64,***']) {
      await refused(() => create({}, { input: { video: wrong, audio: wrong } }), (error) => assert.equal(error.response.status, 422));
    }
    const tooLarge = uri(Buffer.alloc(12_000_000), 'video/mp4');
    await refused(() => create({}, { input: { video: tooLarge, audio: tooLarge } }), (error) => assert.equal(error.response.status, 413));
  },

  async polls() {
    const made = await create({ segments: 3, ms: 300 });
    assert.equal(made.status, 'starting');
    assert.equal(made.output, null);
    assert.equal((await (await fetch(made.urls.get, { headers: { authorization: `Bearer ${key}` } })).json()).id, made.id);
    const states = [];
    const done = await replicate.wait(made, { interval: 30 }, async (prediction) => {
      if (states.at(-1) !== prediction.status) states.push(prediction.status);
    });
    assert.ok(states.includes('processing'), states.join());
    assert.equal(done.status, 'succeeded');
    assert.equal(await (await fetch(done.output)).text(), expected(pictures, 3));

    const listed = [];
    for await (const page of replicate.paginate(replicate.predictions.list)) listed.push(...page.map((prediction) => prediction.id));
    assert.ok(listed.includes(made.id));
  },

  async waits() {
    // What waits in vain says that it is starting, so that the client goes on by itself.
    const made = await create({ segments: 1, ms: 2500 }, { wait: 1 });
    assert.equal(made.status, 'starting');
    assert.equal((await replicate.wait(made)).status, 'succeeded');
    const output = await replicate.run(model, { input: input({ ms: 2500 }), wait: { mode: 'block', timeout: 1 } });
    assert.equal(await (await fetch(output)).text(), expected(pictures));
    const quick = await create({}, { wait: true });
    assert.equal(quick.status, 'succeeded');
    await refused(() => create({}, { wait: 61 }), (error) => assert.equal(error.response.status, 422));
  },

  async cancel() {
    const made = await create({ segments: 5, ms: 20_000 });
    await until(() => replicate.predictions.get(made.id), (prediction) => prediction.status === 'processing');
    const stopped = await replicate.predictions.cancel(made.id);
    assert.equal(stopped.status, 'canceled');
    assert.equal((await replicate.wait(stopped)).status, 'canceled');
    assert.equal((await replicate.predictions.get(made.id)).output, null);
    await refused(() => replicate.predictions.cancel('job_unknown'), (error) => assert.equal(error.response.status, 404));
  },

  async fails() {
    await refused(() => replicate.run(model, { input: input({ fault: 4 }) }), (error) => assert.match(error.message, /^Prediction failed: The video cannot be decoded/));
    const made = await create({ fault: 4 }, { wait: true });
    assert.equal(made.status, 'failed');
    assert.ok(made.logs.includes('cannot be decoded'));
  },

  async refuses() {
    const mistakes = {
      'input.guidance_scale': input({}, { guidance_scale: 5 }),
      'input.inference_steps': input({}, { inference_steps: 1.5 }),
      'input.seed': input({}, { seed: -1 }),
      'input.prompt': input({}, { prompt: 'a cat' }),
      'input.video': { audio: sound },
      'input.audio': { video: pictures, audio: 'https://example.org/a.wav' },
    };
    for (const [field, wrong] of Object.entries(mistakes)) {
      await refused(
        () => replicate.predictions.create({ model: 'bytedance/latentsync', input: wrong }),
        (error) => {
          assert.equal(error.name, 'ApiError');
          assert.equal(error.response.status, 422);
          const body = JSON.parse(error.message.match(/: (\{.*\})\.$/)[1]);
          assert.equal(body.status, 422);
          assert.deepEqual(body.invalid_fields.map((wrongField) => wrongField.field), [field]);
          assert.ok(body.detail.length > 10);
        },
      );
    }
    for (const more of [{ webhook: 'ftp://example.org/' }, { webhook_events_filter: ['all'] }, { stream: true }, { no_such: 1 }]) {
      await refused(() => create({}, more), (error) => assert.equal(error.response.status, 422, JSON.stringify(more)));
    }
    await refused(() => create({}, { model: 'stability-ai/sdxl' }), (error) => assert.equal(error.response.status, 404));
    await refused(() => replicate.collections.list(), (error) => assert.equal(error.response.status, 404));
  },

  async models() {
    const owned = await replicate.predictions.create({ model: 'latentsync/tiny-model', input: input() });
    const { options } = await (await fetch(`${server}/v1/jobs/${owned.id}`, { headers: { authorization: `Bearer ${key}` } })).json();
    assert.equal(options.model, 'tiny-model');
    assert.equal((await replicate.wait(owned)).status, 'succeeded');
    const named = await replicate.predictions.create({ version: 'anybody/latentsync', input: input({}, { seed: undefined, video: await upload(pictures) }) });
    assert.equal(named.model, 'anybody/latentsync');
    // No seed: one is drawn, and told.
    assert.match(named.logs, /^Using seed: [1-9]\d*\n/);
    await replicate.predictions.cancel(named.id);
  },

  async keys() {
    const stranger = new Replicate({ baseUrl, auth: 'lsk_0_0' });
    await refused(() => stranger.predictions.list(), (error) => {
      assert.equal(error.response.status, 401);
      assert.ok(error.message.includes('"title":"Unauthenticated"'));
    });
    await refused(() => stranger.run(model, { input: input() }), (error) => assert.equal(error.response.status, 401));
    await refused(() => replicate.webhooks.default.secret.get(), (error) => assert.equal(error.response.status, 403));
  },

  async files() {
    const content = new File([pictures], 'face.mp4', { type: 'video/mp4' });
    const file = await replicate.files.create(content);
    assert.equal(file.size, pictures.length);
    assert.equal(file.content_type, 'video/mp4');
    assert.equal(file.checksums.sha256.length, 64);
    assert.equal((await replicate.files.get(file.id)).name, 'face.mp4');
    assert.ok((await replicate.files.list()).results.some((listed) => listed.id === file.id));
    const made = await create({}, { input: { video: file.urls.get, audio: sound, seed: 1 } });
    assert.equal(await (await fetch((await replicate.wait(made)).output)).text(), expected(pictures));
    await refused(() => replicate.files.delete(file.id), (error) => assert.equal(error.response.status, 409));
    const free = await replicate.files.create(Buffer.from('x'));
    assert.equal(await replicate.files.delete(free.id), true);
    await refused(() => replicate.files.get(free.id), (error) => assert.equal(error.response.status, 404));
    await refused(() => replicate.files.create(content, { note: 'a' }), (error) => assert.equal(error.response.status, 422));
  },

  async webhook() {
    const { key: secret } = await new Replicate({ baseUrl, auth: adminKey }).webhooks.default.secret.get();
    const told = async (filter, count, behaviour = { segments: 2, ms: 300 }) => {
      const hook = await receiver();
      const made = await create(behaviour, { webhook: hook.url, ...(filter ? { webhook_events_filter: filter } : {}) });
      await replicate.wait(made).catch(() => {});
      const messages = await hook.next(count);
      for (const { headers, text } of messages) {
        assert.equal(await validateWebhook({ headers, body: text }, secret), true);
        assert.equal(await validateWebhook({ headers, body: text.replace('"api"', '"web"') }, secret), false);
        assert.equal(JSON.parse(text).id, made.id);
      }
      assert.equal(messages.length, count);
      return messages.map(({ text }) => JSON.parse(text));
    };
    // They may overtake each other.
    const both = await told(['start', 'completed'], 2);
    assert.ok(both.some(({ status }) => status === 'processing'));
    const end = both.find(({ status }) => status === 'succeeded');
    assert.equal(await (await fetch(end.output)).text(), expected(pictures, 2));
    const [failed] = await told(['completed'], 1, { fault: 4 });
    assert.equal(failed.status, 'failed');
    assert.equal((await told(['output'], 1)).length, 1);
    // start, two segments, output, completed
    await told(null, 5);
  },
});
