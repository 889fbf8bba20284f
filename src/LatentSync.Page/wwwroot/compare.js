// Before and after in one player: the result leads, the source follows it frame by frame.
const STEP = 5; // Percent that an arrow key moves the border.
const ZOOM_HEIGHT = 1.1; // Heights of the face that fill the view when zoomed.
const LARGEST_DRIFT = 0.25; // Seconds; by more the source jumps, by less it runs faster or slower until it is in step.
const PULL = 5; // Change of the source's speed per second of drift.
const SPEEDS = [0.5, 2]; // The slowest and the fastest.
const LEARNING = 0.05; // Share of a frame's lag on the screen that the next frames make up for.
const LARGEST_LAG = 0.1; // Seconds.
const READY_LIMIT = 500; // Milliseconds that playing waits for the source to reach its frame.

export function attach(element, options) {
  const find = (selector) => element.querySelector(selector);
  const views = find('[data-views]');
  const scene = find('[data-scene]');
  const clip = find('[data-clip]');
  const after = find('[data-view=after]');
  const split = find('[data-split]');
  const scrub = find('[data-scrub]');
  const time = find('[data-time]');
  const frame = 1 / options.rate;
  const listening = new AbortController();
  const listen = (target, type, handle) => target.addEventListener(type, handle, { signal: listening.signal });
  const range = { from: 0, to: Infinity };
  let before = null;
  let isLooping = true;
  let isZoomed = false;
  let share = 0.5;
  let shown = null; // Seconds of the source that are on the screen.
  let lag = 0; // Seconds by which the source's pictures come later than its clock says, compared with the result's.

  // Two decoders that share a processor hand their pictures over at different delays, which their clocks do not tell.
  const learnLag = (resultShown) => {
    const behind = shown === null || !plays() ? 0 : sourceTime(resultShown) - shown;
    if (Math.abs(behind) < LARGEST_DRIFT) {
      lag = Math.min(LARGEST_LAG, Math.max(-LARGEST_LAG, lag + LEARNING * behind));
    }
  };

  // The source shows what the result was made of: it plays again, backwards and on, or stays at its end.
  const usedTime = (at) => {
    const length = (before?.duration ?? 0) - options.start;
    if (length <= 0 || at <= length) {
      return at;
    }
    if (options.loop === 'pingpong') {
      const place = at % (2 * length);
      return place <= length ? place : Math.max(0, 2 * length - place - frame);
    }
    return options.loop === 'loop' ? at % length : Math.max(0, length - frame);
  };
  const sourceTime = (at) => options.start + usedTime(at);
  const plays = () => !after.paused && !after.ended;
  const jump = (to) => {
    if (!before.seeking && Math.abs(before.currentTime - to) > frame / 4) {
      before.currentTime = to;
    }
  };
  const follow = () => {
    if (!before) {
      return;
    }
    const wanted = sourceTime(after.currentTime);
    if (!plays() || after.currentTime > before.duration - options.start) {
      // It stands, or runs backwards or again, which a browser cannot play.
      before.pause();
      jump(wanted);
      return;
    }
    const drift = wanted + lag - before.currentTime;
    if (Math.abs(drift) > LARGEST_DRIFT) {
      jump(wanted);
    }
    before.playbackRate = Math.min(SPEEDS[1], Math.max(SPEEDS[0], 1 + PULL * drift));
    if (before.paused) {
      before.play().catch(() => {});
    }
  };

  const place = (value) => {
    share = Math.min(1, Math.max(0, value));
    clip.style.clipPath = `inset(0 ${100 * (1 - share)}% 0 0)`;
    split.style.left = `${100 * share}%`;
    split.setAttribute('aria-valuenow', Math.round(100 * share));
  };
  const zoom = () => {
    const mouths = options.mouths;
    if (!isZoomed || mouths.length === 0) {
      scene.style.transform = '';
      clip.style.clipPath = `inset(0 ${100 * (1 - share)}% 0 0)`;
      return;
    }
    const at = usedTime(after.currentTime);
    const [, x, y, size] = mouths.reduce((best, mouth) => (Math.abs(mouth[0] - at) < Math.abs(best[0] - at) ? mouth : best));
    const scale = Math.max(1, 1 / (ZOOM_HEIGHT * size));
    const [left, top] = [x, y].map((middle) => Math.min(0, Math.max(1 - scale, 0.5 - scale * middle)));
    scene.style.transform = `translate(${100 * left}%, ${100 * top}%) scale(${scale})`;
    // The border stays where it is on the screen.
    clip.style.clipPath = `inset(0 ${100 * (1 - (share - left) / scale)}% 0 0)`;
  };

  const show = () => {
    const at = after.currentTime;
    if (after.duration) {
      scrub.max = after.duration;
      scrub.value = at;
      scrub.setAttribute('aria-valuetext', `${at.toFixed(2)} s`);
      time.textContent = `${at.toFixed(2)} / ${after.duration.toFixed(2)} s`;
    }
    follow();
    zoom();
  };
  const seek = (at) => {
    after.currentTime = Math.min(Math.max(0, at), after.duration || 0);
    show();
  };
  // Both begin with the same frame on the screen: a source that still looks for it would be behind from the start.
  const inStep = () =>
    new Promise((done) => {
      if (!before?.seeking) {
        done();
        return;
      }
      before.addEventListener('seeked', done, { once: true });
      setTimeout(done, READY_LIMIT);
    });
  const play = async () => {
    if (plays()) {
      after.pause();
      return;
    }
    follow();
    await inStep();
    await Promise.all([after, before].map((video) => video?.play().catch(() => {})));
  };

  const actions = {
    play,
    back: () => { after.pause(); seek(after.currentTime - frame); },
    on: () => { after.pause(); seek(after.currentTime + frame); },
    loop: (button) => { isLooping = !isLooping; button.setAttribute('aria-pressed', isLooping); },
    from: () => { range.from = after.currentTime; if (range.to <= range.from) { range.to = Infinity; } },
    to: () => { range.to = after.currentTime; if (range.to <= range.from) { range.from = 0; } },
    zoom: (button) => { isZoomed = !isZoomed; button.setAttribute('aria-pressed', isZoomed); zoom(); },
  };
  const playButton = find('[data-do=play]');
  for (const button of element.querySelectorAll('[data-do]')) {
    listen(button, 'click', () => actions[button.dataset.do](button));
  }
  listen(after, 'play', () => playButton.classList.add('playing'));
  listen(after, 'pause', () => {
    playButton.classList.remove('playing');
    show();
  });
  for (const type of ['loadedmetadata', 'seeked', 'timeupdate']) {
    listen(after, type, show);
  }
  listen(after, 'ended', () => {
    if (isLooping) {
      seek(range.from);
      after.play().catch(() => {});
    }
  });
  const fail = () => { find('[data-problem]').hidden = false; };
  listen(after, 'error', fail);
  if (after.error) {
    fail();
  }
  listen(scrub, 'input', () => seek(Number(scrub.value)));
  listen(find('[data-volume]'), 'input', (event) => { after.volume = Number(event.target.value); });

  // Each frame that is shown, so that both stay in step.
  const eachFrame = (now, picture) => {
    if (listening.signal.aborted) {
      return;
    }

    // By then it is told which picture of the source is shown beside this one.
    requestAnimationFrame(() => learnLag(picture.mediaTime));
    if (isLooping && plays() && after.currentTime >= range.to) {
      seek(range.from);
    }
    show();
    after.requestVideoFrameCallback(eachFrame);
  };
  after.requestVideoFrameCallback?.(eachFrame);

  const drag = (event) => {
    const box = views.getBoundingClientRect();
    place((event.clientX - box.left) / box.width);
    zoom();
  };
  listen(split, 'pointerdown', (event) => split.setPointerCapture(event.pointerId));
  listen(split, 'pointermove', (event) => {
    if (split.hasPointerCapture(event.pointerId)) {
      drag(event);
    }
  });
  listen(split, 'keydown', (event) => {
    const moves = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -100, End: 100 };
    if (event.key in moves) {
      event.preventDefault();
      place(share + moves[event.key] / 100);
      zoom();
    }
  });
  listen(element, 'keydown', (event) => {
    const keys = { ' ': actions.play, ',': actions.back, '.': actions.on };
    if (event.target.matches('button, input, summary') && event.key === ' ') {
      return;
    }
    if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // A picture has no time; a file that this browser cannot show leaves the result alone.
  const source = element.dataset.before;
  fetch(source, { headers: { Range: 'bytes=0-0' } })
    .then((answer) => {
      const isPicture = answer.headers.get('Content-Type')?.startsWith('image/');
      const view = document.createElement(isPicture ? 'img' : 'video');
      if (isPicture) {
        view.alt = '';
      } else {
        Object.assign(view, { muted: true, playsInline: true, preload: 'auto' });
        view.addEventListener('loadeddata', () => { before = view; show(); });
        const note = (now, picture) => {
          shown = picture.mediaTime;
          view.requestVideoFrameCallback(note);
        };
        view.requestVideoFrameCallback?.(note);
      }
      view.addEventListener('error', () => {
        split.hidden = true;
        view.remove();
      });
      view.src = source;
      clip.append(view);
    });
  place(share);
  show();

  return { dispose: () => listening.abort() };
}
