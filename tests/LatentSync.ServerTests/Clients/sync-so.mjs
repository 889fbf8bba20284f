// @sync.so/sdk against the server.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sync, SyncClient, SyncError } from '@sync.so/sdk';
import { Webhook } from 'standardwebhooks';
import { assert, expected, key, native, receiver, refused, run, server, sound, until, upload, video, webhookSecret } from './support.mjs';

const baseUrl = `${server}/sync.so`;
const client = new SyncClient({ baseUrl, apiKey: key });
const once = { maxRetries: 0 };

const isOver = (generation) => ['COMPLETED', 'FAILED', 'REJECTED'].includes(generation.status);
const finish = (id) => until(() => client.generations.get(id), isOver);

/** Video and sound that are uploaded already. */
async function inputs(behaviour) {
  return [
    { type: 'video', assetId: await upload(video(behaviour)) },
    { type: 'audio', assetId: await upload(sound, 'a.wav') },
  ];
}

const post = (path, body) =>
  fetch(baseUrl + path, { method: 'POST', headers: { 'x-api-key': key, 'content-type': 'application/json' }, body: JSON.stringify(body) });

await run({
  async files() {
    const path = join(mkdtempSync(join(tmpdir(), 'sync-so-')), 'face.mp4');
    writeFileSync(path, video({ segments: 2 }));
    const made = await client.generations.createWithFiles(createReadStream(path), new Blob([sound]), {
      model: 'lipsync-2',
      options: { sync_mode: 'loop' },
    });
    assert.ok(['PENDING', 'PROCESSING'].includes(made.status));
    const done = await finish(made.id);
    assert.equal(done.status, 'COMPLETED');
    assert.equal(done.model, 'lipsync-2');
    assert.equal(done.options.sync_mode, 'loop');
    assert.equal(done.outputDuration, 20);
    assert.ok(!Number.isNaN(Date.parse(done.createdAt)));

    const file = await fetch(done.outputUrl);
    assert.equal(file.status, 200);
    assert.equal(await file.text(), expected(video({ segments: 2 }), 2));
    const part = await fetch(done.outputUrl, { headers: { range: 'bytes=0-3' } });
    assert.equal(part.status, 206);

    const listed = await client.generations.list({ status: ['COMPLETED'], ids: [made.id] });
    assert.deepEqual(listed.map((generation) => generation.id), [made.id]);
    assert.deepEqual(await client.generations.list({ status: ['PENDING', 'FAILED'], ids: [made.id] }), []);
  },

  async links() {
    const { id } = await client.generations.create({ model: 'lipsync-2', input: await inputs() });
    const { id: other } = await client.generations.create({ model: 'lipsync-2', input: await inputs() });
    const link = new URL((await finish(id)).outputUrl);
    await finish(other);
    const changed = [
      (url) => url.searchParams.set('expires', String(Number(url.searchParams.get('expires')) + 1)),
      (url) => url.searchParams.set('signature', url.searchParams.get('signature').replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))),
      (url) => url.searchParams.delete('signature'),
      (url) => url.searchParams.set('signature', '%'),
      (url) => (url.pathname = url.pathname.replace(id, other)),
      (url) => (url.pathname = url.pathname.replace('.mp4', '.mkv')),
    ];
    for (const change of changed) {
      const url = new URL(link);
      change(url);
      assert.equal((await fetch(url)).status, 403, url.href);
    }
    assert.equal((await fetch(link)).status, 200);
    await fetch(`${server}/v1/jobs/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
    assert.equal((await fetch(link)).status, 404);
  },

  async assets() {
    const put = async (content, fileName, contentType) => {
      const begun = await post('/v2/assets/upload', { fileName, contentType, size: content.length });
      assert.equal(begun.status, 201);
      const { uploadUrl, url, expiresIn } = await begun.json();
      assert.equal(expiresIn, 3600);
      const early = await post('/v2/assets', { url, type: 'VIDEO' });
      assert.equal(early.status, 400);
      const other = await fetch(uploadUrl, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: content });
      assert.equal(other.status, 403);
      const short = await fetch(uploadUrl, { method: 'PUT', headers: { 'content-type': contentType }, body: content.subarray(1) });
      assert.equal(short.status, 400);
      const whole = await fetch(uploadUrl, { method: 'PUT', headers: { 'content-type': contentType }, body: content });
      assert.equal(whole.status, 200);
      return url;
    };
    const face = video({ segments: 1 });
    const faceUrl = await put(face, 'my face.mp4', 'video/mp4');
    const registered = await post('/v2/assets', { url: faceUrl, type: 'VIDEO', name: 'face.mp4' });
    assert.equal(registered.status, 201);
    const asset = await registered.json();
    const soundUrl = await put(sound, 'a.wav', 'audio/wav');

    assert.equal((await client.assets.get(asset.id)).name, 'face.mp4');
    assert.equal((await client.assets.get(asset.id)).size, face.length);
    const page = await client.assets.list({ limit: 1 });
    assert.equal(page.items.length, 1);
    assert.ok(page.nextCursor);
    await refused(() => client.assets.list({ projectId: 'p' }, once), (error) => assert.equal(error.statusCode, 400));

    const made = await client.generations.create({
      model: 'lipsync-2',
      input: [{ type: 'video', assetId: asset.id }, { type: 'audio', url: soundUrl }],
      outputFileName: 'episode_1-de',
    });
    const done = await finish(made.id);
    assert.equal(await (await fetch(done.outputUrl)).text(), expected(face));
    assert.ok(new URL(done.outputUrl).pathname.endsWith('/episode_1-de.mp4'));
    assert.equal(done.input[0].assetId, asset.id);
  },

  async modes() {
    const meant = {
      bounce: { length: 'audio', loop: 'pingpong' },
      loop: { length: 'audio', loop: 'loop' },
      cut_off: { length: 'audio', loop: 'trim' },
      silence: { length: 'video' },
    };
    for (const [mode, options] of Object.entries(meant)) {
      const made = await client.generations.create({ model: 'sync-3', input: await inputs(), options: { sync_mode: mode } });
      assert.deepEqual((await native('GET', `/v1/jobs/${made.id}`)).options, options);
    }
    const speaker = { auto_detect: false, frame_number: 12, coordinates: [640, 300.5] };
    const made = await client.generations.create({ model: 'tiny-model', input: await inputs(), options: { active_speaker_detection: speaker } });
    const { options } = await native('GET', `/v1/jobs/${made.id}`);
    assert.equal(options.face, 'point:640,300.5@12');
    assert.equal(options.model, 'tiny-model');
  },

  async refuses() {
    const input = await inputs();
    const mistakes = {
      'options.sync_mode': { options: { sync_mode: 'remap' } },
      'options.temperature': { options: { temperature: 0.5 } },
      'options.prompt': { options: { prompt: 'happy' } },
      'options.model_mode': { options: { model_mode: 'lips' } },
      'options.occlusion_detection_enabled': { options: { occlusion_detection_enabled: true } },
      'options.active_speaker_detection.auto_detect': { options: { active_speaker_detection: { auto_detect: true } } },
      'options.active_speaker_detection.bounding_boxes': { options: { active_speaker_detection: { bounding_boxes: [[1, 2, 3, 4]] } } },
      'options.no_such': { options: { no_such: 1 } },
      segments: { segments: [{ startTime: 0, endTime: 1, audioInput: { refId: 'a' } }] },
      'input[1].refId': { input: [input[0], { ...input[1], refId: 'a' }] },
      'input[1].type': { input: [input[0], { type: 'text', provider: { name: 'elevenlabs', voiceId: 'v', script: 's' } }] },
      'input[0].segments_secs': { input: [{ ...input[0], segments_secs: [[0, 1]] }, input[1]] },
      model: { model: 'react-1' },
      outputFileName: { outputFileName: '../x' },
      no_such: { no_such: 1 },
    };
    for (const [field, change] of Object.entries(mistakes)) {
      await refused(
        () => client.generations.create({ model: 'lipsync-2', input, ...change }, once),
        (error) => {
          assert.ok(error instanceof Sync.BadRequestError, field);
          assert.equal(error.body.statusCode, 400);
          assert.ok(error.body.message.includes(`"${field}"`), error.body.message);
        },
      );
    }
    for (const wrong of [[], [input[0]], [input[0], input[0], input[1]], [input[0], { type: 'audio', assetId: 'upl_unknown' }]]) {
      await refused(() => client.generations.create({ model: 'lipsync-2', input: wrong }, once), (error) => assert.ok(error instanceof Sync.BadRequestError));
    }
    await refused(
      () => client.generations.create({ model: 'lipsync-2', input: [{ type: 'video', url: 'https://example.org/a.mp4' }, input[1]] }, once),
      (error) => assert.ok(error.body.message.includes('takes no addresses')),
    );
    // What is refused with its files leaves none behind.
    const before = (await client.assets.list({ limit: 100 })).items.length;
    await refused(
      () => client.generations.createWithFiles(new Blob([video()]), new Blob([sound]), { model: 'lipsync-2', options: { temperature: 1 } }, once),
      (error) => assert.ok(error instanceof Sync.BadRequestError),
    );
    assert.equal((await client.assets.list({ limit: 100 })).items.length, before);
  },

  async fails() {
    const made = await client.generations.create({ model: 'lipsync-2', input: await inputs({ fault: 4 }) });
    const done = await finish(made.id);
    assert.equal(done.status, 'FAILED');
    assert.equal(done.error_code, 'invalid_input');
    assert.ok(done.error.length > 10);
    assert.equal(done.outputUrl, undefined);
  },

  async cancel() {
    const made = await client.generations.create({ model: 'lipsync-2', input: await inputs({ ms: 20_000 }) });
    await native('POST', `/v1/jobs/${made.id}/cancel`);
    const done = await finish(made.id);
    assert.equal(done.status, 'FAILED');
    assert.equal(done.error_code, 'cancelled');
  },

  async keys() {
    const stranger = new SyncClient({ baseUrl, apiKey: key.slice(0, -1) + (key.endsWith('0') ? '1' : '0') });
    await refused(() => stranger.generations.list({}, once), (error) => {
      assert.ok(error instanceof Sync.UnauthorizedError);
      assert.equal(error.body.statusCode, 401);
      assert.ok(error.body.message.includes('x-api-key'));
    });
    await refused(() => client.generations.get('job_unknown', once), (error) => assert.ok(error instanceof Sync.NotFoundError));
    await refused(() => client.generations.estimateCost({ model: 'lipsync-2', input: [] }, once), (error) => {
      assert.ok(error instanceof SyncError);
      assert.equal(error.statusCode, 404);
    });
    // A job of another interface is none of this one.
    const [face, voice] = await inputs();
    const { id } = await native('POST', '/v1/jobs', JSON.stringify({ video: face.assetId, audio: voice.assetId }));
    await refused(() => client.generations.get(id, once), (error) => assert.ok(error instanceof Sync.NotFoundError));
  },

  async idempotency() {
    const request = { model: 'lipsync-2', input: await inputs() };
    const headers = { 'Idempotency-Key': 'sync-so.1' };
    const first = await client.generations.create(request, { headers });
    const { data, rawResponse } = await client.generations.create(request, { headers }).withRawResponse();
    assert.equal(data.id, first.id);
    assert.equal(rawResponse.headers.get('idempotent-replayed'), 'true');
    await refused(
      () => client.generations.create({ ...request, outputFileName: 'b' }, { headers, ...once }),
      (error) => assert.ok(error instanceof Sync.BadRequestError),
    );
    await refused(() => client.generations.create(request, { headers: { 'Idempotency-Key': 'a b' }, ...once }), (error) =>
      assert.equal(error.body.errorCode, 'INVALID_IDEMPOTENCY_KEY'),
    );
    // Files are compared by their content, and those of the second request are dropped.
    const withFiles = (content) =>
      client.generations.createWithFiles(new Blob([content]), new Blob([sound]), { model: 'lipsync-2' }, { headers: { 'Idempotency-Key': 'sync-so.2' }, ...once });
    const file = await withFiles(video());
    const before = (await client.assets.list({ limit: 100 })).items.length;
    assert.equal((await withFiles(video())).id, file.id);
    assert.equal((await client.assets.list({ limit: 100 })).items.length, before);
    await refused(() => withFiles(video({ segments: 2 })), (error) => assert.ok(error instanceof Sync.BadRequestError));
  },

  async webhook() {
    const hook = await receiver();
    const made = await client.generations.create({ model: 'lipsync-2', input: await inputs(), webhookUrl: hook.url });
    const [{ headers, text }] = await hook.next(1);
    const told = JSON.parse(text);
    assert.equal(told.id, made.id);
    assert.equal(told.status, 'COMPLETED');
    assert.equal(told.webhookUrl, hook.url);
    assert.equal(await (await fetch(told.outputUrl)).text(), expected(video()));

    // As sync.so's guide checks it: over the JSON that was parsed and is written again.
    const [, seconds, signature] = headers['sync-signature'].match(/t=(\d+),v1=(.+)/);
    const own = createHmac('sha256', webhookSecret).update(`${seconds}.${JSON.stringify(told)}`).digest('hex');
    assert.ok(timingSafeEqual(Buffer.from(own), Buffer.from(signature)));
    new Webhook(webhookSecret).verify(text, headers);
  },
});
