// tus-js-client against the server's uploads.
import { createConnection, createServer } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tus from 'tus-js-client';
import { assert, expected, key, native, run, server, sound, until, upload } from './support.mjs';

const headers = { Authorization: `Bearer ${key}` };
const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) % 251));

const idOf = (url) => new URL(url).pathname.split('/').at(-1);

/** An upload, and a promise of its end. */
function start(options) {
  let upload;
  const done = new Promise((resolve, reject) => {
    upload = new tus.Upload(content, {
      endpoint: `${server}/v1/uploads`,
      headers,
      metadata: { filename: 'face ü.mp4', filetype: 'video/mp4' },
      retryDelays: [50, 200, 500, 1000, 2000, 2000, 2000],
      onSuccess: () => resolve(upload),
      onError: reject,
      ...options,
    });
  });
  return { upload, done };
}

/** Whether the bytes are the file's: the test engine makes its lines of them. */
async function check(id) {
  const { received, is_complete: isComplete, name } = await native('GET', `/v1/uploads/${id}`);
  assert.equal(received, content.length);
  assert.equal(isComplete, true);
  assert.equal(name, 'face ü.mp4');
  const job = await native('POST', '/v1/jobs', JSON.stringify({ video: id, audio: await upload(sound) }));
  await until(() => native('GET', `/v1/jobs/${job.id}`), ({ state }) => state === 'succeeded');
  const result = await fetch(`${server}/v1/jobs/${job.id}/result`, { headers });
  assert.equal(await result.text(), expected(content));
}

await run({
  async chunks() {
    let accepted = 0;
    const { upload, done } = start({ chunkSize: 700_000, onChunkComplete: () => accepted++ });
    upload.start();
    await done;
    assert.equal(accepted, 5);
    await check(idOf(upload.url));
  },

  async whole() {
    // Creation and bytes in one request.
    const { upload, done } = start({ uploadDataDuringCreation: true });
    upload.start();
    await done;
    await check(idOf(upload.url));
  },

  async cut() {
    // A proxy that cuts each of the first connections after some bytes.
    const target = new URL(server);
    let cuts = 0;
    const proxy = createServer((client) => {
      const upstream = createConnection(Number(target.port), target.hostname);
      let passed = 0;
      client.on('data', (bytes) => {
        upstream.write(bytes);
        passed += bytes.length;
        if (passed > 400_000 && cuts < 4) {
          cuts++;
          client.destroy();
          upstream.destroy();
        }
      });
      upstream.on('data', (bytes) => client.write(bytes));
      for (const [from, to] of [[client, upstream], [upstream, client]]) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    });
    await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { upload, done } = start({ endpoint: `http://127.0.0.1:${proxy.address().port}/v1/uploads` });
    upload.start();
    await done;
    assert.equal(cuts, 4);
    await check(idOf(upload.url));
    proxy.close();
  },

  async resume() {
    // Another program goes on where the first one stopped.
    const urlStorage = new tus.FileUrlStorage(join(mkdtempSync(join(tmpdir(), 'tus-')), 'urls.json'));
    const shared = { urlStorage, fingerprint: () => Promise.resolve('face'), chunkSize: 500_000 };
    const first = start({ ...shared, onChunkComplete: (_, accepted) => accepted >= 1_000_000 && first.upload.abort() });
    first.upload.start();
    first.done.catch(() => {});
    await until(
      () => native('GET', `/v1/uploads/${idOf(first.upload.url ?? 'http://x/x')}`).catch(() => ({ received: 0 })),
      ({ received }) => received >= 1_000_000,
    );
    await first.upload.abort();

    let sent = 0;
    const second = start({ ...shared, onChunkComplete: (bytes) => (sent += bytes) });
    const previous = await second.upload.findPreviousUploads();
    assert.equal(previous.length, 1);
    second.upload.resumeFromPreviousUpload(previous[0]);
    second.upload.start();
    await second.done;
    assert.equal(second.upload.url, first.upload.url);
    assert.ok(sent <= 2_000_000, `${sent} bytes were sent again.`);
    await check(idOf(second.upload.url));

    const third = start({ uploadUrl: first.upload.url });
    third.upload.start();
    await third.done;
  },

  async terminate() {
    const { upload, done } = start({ chunkSize: 500_000, onChunkComplete: () => upload.abort(true).then(() => (upload.isGone = true)) });
    upload.start();
    done.catch(() => {});
    await until(() => upload.isGone, (isGone) => isGone);
    const answer = await fetch(upload.url, { method: 'HEAD', headers: { ...headers, 'tus-resumable': '1.0.0' } });
    assert.equal(answer.status, 404);
  },

  async refuses() {
    const { upload, done } = start({ headers: {}, retryDelays: null });
    upload.start();
    const error = await done.then(() => null, (thrown) => thrown);
    assert.equal(error.originalResponse.getStatus(), 401);
    const far = start({ uploadSize: 10 ** 15, retryDelays: null });
    far.upload.start();
    assert.equal((await far.done.then(() => null, (thrown) => thrown)).originalResponse.getStatus(), 413);
  },
});
