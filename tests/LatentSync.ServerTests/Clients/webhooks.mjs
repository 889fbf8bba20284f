// standardwebhooks as the receiver of the server's webhooks.
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { assert, native, receiver, run, seed, sound, upload, webhookSecret } from './support.mjs';

const webhook = new Webhook(webhookSecret);

const submit = async (hook, behaviour) =>
  native(
    'POST',
    '/v1/jobs',
    JSON.stringify({ video: await upload('pictures'), audio: await upload(sound), options: { seed: seed(behaviour) }, webhook: hook.url, metadata: { scene: 'Szene "7" äöü 中 😀 <&+' } }),
  );

const rejects = (text, headers) => assert.throws(() => webhook.verify(text, headers), WebhookVerificationError);

await run({
  async verifies() {
    const hook = await receiver();
    const job = await submit(hook);
    const [{ headers, text }] = await hook.next(1);
    const message = webhook.verify(text, headers);
    assert.equal(message.type, 'job.succeeded');
    assert.equal(message.data.id, job.id);
    assert.equal(message.data.metadata.scene, 'Szene "7" äöü 中 😀 <&+');
    assert.ok(!Number.isNaN(Date.parse(message.timestamp)));
    assert.match(headers['content-type'], /^application\/json/);

    rejects(text.replace('job.succeeded', 'job.failed'), headers);
    rejects(text, { ...headers, 'webhook-id': headers['webhook-id'] + '0' });
    assert.throws(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(text, headers), WebhookVerificationError);

    // A replay: the same message, five minutes and a second later.
    const now = Date.now;
    Date.now = () => now() + 301_000;
    rejects(text, headers);
    Date.now = now;
    const later = String(Number(headers['webhook-timestamp']) + 200);
    rejects(text, { ...headers, 'webhook-timestamp': later });
  },

  async failed() {
    const hook = await receiver();
    await submit(hook, { fault: 4 });
    const [{ headers, text }] = await hook.next(1);
    const message = webhook.verify(text, headers);
    assert.equal(message.type, 'job.failed');
    assert.equal(message.data.error.kind, 'invalid_input');
  },

  async retries() {
    // The first two attempts fail; the third has the same id and body, and its own time.
    const hook = await receiver((count) => (count <= 2 ? 503 : 200));
    await submit(hook);
    const [first, second, third] = await hook.next(3);
    for (const { headers, text } of [first, second, third]) {
      webhook.verify(text, headers);
      assert.equal(headers['webhook-id'], first.headers['webhook-id']);
      assert.equal(text, first.text);
    }
    assert.ok(Number(third.headers['webhook-timestamp']) > Number(first.headers['webhook-timestamp']));
    assert.ok(second.at - first.at >= 4000 && third.at - second.at > second.at - first.at, 'The pauses are to grow.');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal(hook.received.length, 3);
  },
});
