// What the scripts share. Each script has cases; the test names one, and gives the server's address and keys by environment.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export { assert, sleep };

export const server = process.env.SERVER;
export const key = process.env.KEY;
export const adminKey = process.env.ADMIN_KEY;
export const webhookSecret = process.env.WEBHOOK_SECRET;

const limitMs = 120_000;

/** A seed that tells the test engine what to do; see its Behaviour. */
export const seed = ({ segments = 1, ms = 0, fault = 0 } = {}) => (fault * 10_000 + Math.floor(ms / 10)) * 1000 + segments;

/** A video that tells it the same, for clients without a seed. */
export const video = (behaviour) => Buffer.from(`seed=${seed(behaviour)};pictures`);

export const sound = Buffer.from('sound');

/** What the test engine makes of a video. */
export function expected(content, segments = 1) {
  const lines = [];
  for (let segment = 0; segment < segments; segment++) {
    const number = Buffer.alloc(4);
    number.writeInt32LE(segment);
    lines.push(createHash('sha256').update(content).update(number).digest('hex').toUpperCase() + '\n');
  }
  return lines.join('');
}

/** Asks until something holds, and gives what held. */
export async function until(ask, holds) {
  for (const start = Date.now(); ; await sleep(50)) {
    const answer = await ask();
    if (holds(answer)) return answer;
    assert.ok(Date.now() - start < limitMs, `It did not come to that: ${JSON.stringify(answer)}`);
  }
}

/** The native interface, for what a client cannot do. */
export async function native(method, path, body) {
  const answer = await fetch(server + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': method === 'PUT' ? 'video/mp4' : 'application/json' },
    body,
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** Uploads bytes and gives the id. */
export const upload = async (content, name = 'a.mp4') => (await native('PUT', `/v1/uploads?name=${name}`, content)).id;

/** An error that a call has to throw, with what holds for it. */
export async function refused(call, check) {
  let error;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error, 'Nothing was refused.');
  await check(error);
}

/** Listens for webhooks: each is kept as headers and text, and answered with the status that a function gives. */
export async function receiver(status = () => 204) {
  const received = [];
  const listener = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const message = { headers: request.headers, text: Buffer.concat(chunks).toString('utf8'), at: Date.now() };
    received.push(message);
    response.writeHead(status(received.length)).end();
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${listener.address().port}/hook`,
    received,
    next: (count) => until(() => received, (all) => all.length >= count),
    close: () => listener.close(),
  };
}

/** Runs the case that the test names. */
export async function run(cases) {
  const name = process.argv[2];
  assert.ok(cases[name], `There is no case ${name}.`);
  try {
    await cases[name]();
  } catch (error) {
    // Not the whole of it: errors of clients hold their requests.
    console.error(error.stack);
    process.exit(1);
  }
  console.log('passed');
  process.exit(0);
}
